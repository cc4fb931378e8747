import { crc32 } from 'node:zlib';

export const CHUNK = 65_536;
const HEADER = 512;
const NAMES = 128;
const TEMPLATES = 384;

/** An element as it is to be written: what is in braces is put in from the values of a record. */
export interface Node {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, Piece>>;
  readonly content?: readonly (Piece | Node)[];
}

/** Text, or the place of a value. */
export type Piece = string | Substitution;

export interface Substitution {
  readonly value: number;
  readonly type: number;
  readonly optional?: boolean;
}

/** A value of a record: its type, and its octets or whatever writes them into the chunk. */
export interface TypedValue {
  readonly type: number;
  readonly octets: Uint8Array | (() => void);
}

/** One chunk of a log while it is written, with the names and templates that it has so far. */
export class ChunkOctets {
  /** Longer than a chunk, so that a record that does not fit can be written and taken back. */
  readonly bytes = Buffer.alloc(2 * CHUNK);
  at = HEADER;
  readonly #names = new Map<string, number>();
  readonly #templates = new Map<string, number>();

  u8(value: number): void {
    this.at = this.bytes.writeUInt8(value, this.at);
  }

  u16(value: number): void {
    this.at = this.bytes.writeUInt16LE(value, this.at);
  }

  u32(value: number): void {
    this.at = this.bytes.writeUInt32LE(value, this.at);
  }

  u64(value: bigint): void {
    this.at = this.bytes.writeBigUInt64LE(value, this.at);
  }

  octets(octets: Uint8Array): void {
    this.bytes.set(octets, this.at);
    this.at += octets.length;
  }

  /** Writes something, and then its length before it. */
  counted(write: () => void): void {
    const place = this.at;
    this.u32(0);
    write();
    this.bytes.writeUInt32LE(this.at - place - 4, place);
  }

  /** @param inTemplate whether elements have the id of what they depend on (MS-EVEN6 2.2.12) */
  element(node: Node, inTemplate: boolean): void {
    const attributes = Object.entries(node.attributes ?? {});
    this.u8(attributes.length > 0 ? 0x41 : 0x01);
    if (inTemplate) this.u16(0xffff);
    this.counted(() => {
      this.#name(node.name);
      if (attributes.length > 0) this.counted(() => this.#attributes(attributes));
      const content = node.content ?? [];
      this.u8(content.length > 0 ? 0x02 : 0x03);
      for (const piece of content) {
        if (typeof piece === 'object' && 'name' in piece) this.element(piece, inTemplate);
        else this.#piece(piece);
      }
      if (content.length > 0) this.u8(0x04);
    });
  }

  fragment(): void {
    this.octets(Uint8Array.of(0x0f, 0x01, 0x01, 0x00));
  }

  /** The template is written where it is used first, and afterwards referred to. */
  instance(node: Node, values: readonly TypedValue[]): void {
    const key = JSON.stringify(node);
    const known = this.#templates.get(key);
    const id = crc32(key);
    this.u8(0x0c);
    this.u8(0x01);
    this.u32(id);
    this.u32(known ?? this.at + 4);
    if (known === undefined) this.#definition(key, id, node);
    this.u32(values.length);
    const lengths = this.at;
    for (const { type } of values) {
      this.u16(0);
      this.u8(type);
      this.u8(0);
    }
    for (const [index, { octets }] of values.entries()) {
      const start = this.at;
      if (typeof octets === 'function') octets();
      else this.octets(octets);
      this.bytes.writeUInt16LE(this.at - start, lengths + 4 * index);
    }
  }

  /** The tables in the head of the chunk: names by their hash, templates by their id, chained where two share a place. */
  seal(): void {
    for (const offset of this.#names.values()) {
      this.#chain(NAMES + 4 * (this.bytes.readUInt16LE(offset + 4) % 64), offset);
    }
    for (const offset of this.#templates.values()) {
      this.#chain(TEMPLATES + 4 * (this.bytes.readUInt32LE(offset + 4) % 32), offset);
    }
  }

  #chain(place: number, offset: number): void {
    if (offset > this.at) return;
    this.bytes.writeUInt32LE(this.bytes.readUInt32LE(place), offset);
    this.bytes.writeUInt32LE(offset, place);
  }

  #definition(key: string, id: number, node: Node): void {
    this.#templates.set(key, this.at);
    this.u32(0);
    this.u32(id);
    this.octets(new Uint8Array(12).fill(0x5a));
    this.counted(() => {
      this.fragment();
      this.element(node, true);
      this.u8(0x00);
    });
  }

  #attributes(attributes: readonly (readonly [string, Piece])[]): void {
    for (const [index, [name, piece]] of attributes.entries()) {
      this.u8(index < attributes.length - 1 ? 0x46 : 0x06);
      this.#name(name);
      this.#piece(piece);
    }
  }

  #piece(piece: Piece): void {
    if (typeof piece === 'string') {
      this.u8(0x05);
      this.u8(0x01);
      this.u16(piece.length);
      this.octets(Buffer.from(piece, 'utf16le'));
      return;
    }
    this.u8(piece.optional === true ? 0x0e : 0x0d);
    this.u16(piece.value);
    this.u8(piece.type);
  }

  #name(name: string): void {
    const known = this.#names.get(name);
    this.u32(known ?? this.at + 4);
    if (known !== undefined) return;
    this.#names.set(name, this.at);
    this.u32(0);
    this.u16(hashOf(name));
    this.u16(name.length);
    this.octets(Buffer.from(`${name}\0`, 'utf16le'));
  }
}

/** MS-EVEN6 2.2.12, "NameHash". */
function hashOf(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) hash = (Math.imul(hash, 65_599) + name.charCodeAt(index)) >>> 0;
  return hash & 0xffff;
}
