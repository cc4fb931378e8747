import { Unreadable } from './steps.ts';

/** Types of values (MS-EVEN6 2.2.12, "ValueType"); `BINXML` is a document in itself. */
export const BINXML = 0x21;
export const NULL = 0x00;
/** Set for a list of values of a type. */
const LIST = 0x80;

const STRING = 0x01;
const ANSI = 0x02;
const SID = 0x13;

/** A value: its type, and where it is among the octets of its chunk. */
export interface Value {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

type ToText = (bytes: Buffer, at: number, length: number) => string;

/** Types of one length, and how Windows prints them. */
const FIXED: Readonly<Record<number, readonly [length: number, toText: ToText]>> = {
  3: [1, (bytes, at) => String(bytes.readInt8(at))],
  4: [1, (bytes, at) => String(bytes.readUInt8(at))],
  5: [2, (bytes, at) => String(bytes.readInt16LE(at))],
  6: [2, (bytes, at) => String(bytes.readUInt16LE(at))],
  7: [4, (bytes, at) => String(bytes.readInt32LE(at))],
  8: [4, (bytes, at) => String(bytes.readUInt32LE(at))],
  9: [8, (bytes, at) => String(bytes.readBigInt64LE(at))],
  10: [8, (bytes, at) => String(bytes.readBigUInt64LE(at))],
  11: [4, (bytes, at) => bytes.readFloatLE(at).toFixed(6)],
  12: [8, (bytes, at) => bytes.readDoubleLE(at).toFixed(6)],
  13: [4, (bytes, at) => (bytes.readInt32LE(at) === 0 ? 'false' : 'true')],
  15: [16, guid],
  17: [8, (bytes, at) => fileTime(bytes.readBigUInt64LE(at))],
  18: [16, systemTime],
  20: [4, (bytes, at) => `0x${bytes.readUInt32LE(at).toString(16)}`],
  21: [8, (bytes, at) => `0x${bytes.readBigUInt64LE(at).toString(16)}`],
};

/** Types whose values have the length that they have; others than these and the fixed ones are shown as octets. */
const OPEN: Readonly<Record<number, ToText>> = {
  [NULL]: () => '',
  [STRING]: (bytes, at, length) => upToNul(bytes.toString('utf16le', at, at + length)),
  [ANSI]: (bytes, at, length) => upToNul(bytes.toString('latin1', at, at + length)),
  16: (bytes, at, length) => (length === 4 ? text(20, bytes, at, length) : text(21, bytes, at, length)),
  [SID]: sid,
};

export function isList({ type }: Value): boolean {
  return (type & LIST) !== 0;
}

/** @throws {Unreadable} when the value has not the length of its type */
export function valueText(bytes: Buffer, value: Value): string {
  if (isList(value)) return [...items(bytes, value)].map((item) => valueText(bytes, item)).join(',');
  return text(value.type, bytes, value.start, value.end - value.start);
}

function text(type: number, bytes: Buffer, at: number, length: number): string {
  const fixed = FIXED[type];
  if (fixed === undefined) return (OPEN[type] ?? hex)(bytes, at, length);
  if (fixed[0] !== length) throw new Unreadable(`a value of type ${type} has ${length} bytes`);
  return fixed[1](bytes, at, length);
}

/**
 * The values of a list.
 * @throws {Unreadable} when they do not end where the list does
 */
export function* items(bytes: Buffer, { type, start, end }: Value): Generator<Value> {
  const itemType = type & ~LIST;
  for (let at = start; at < end; ) {
    const [length, gap] = lengthOfItem(itemType, bytes, at, end);
    if (length + gap === 0 || length > end - at) throw new Unreadable(`a list of type ${itemType} has half a value`);
    yield { type: itemType, start: at, end: at + length };
    at += length + gap;
  }
}

/** @returns octets of the next value of a list, and those of the NUL after it */
function lengthOfItem(type: number, bytes: Buffer, at: number, end: number): readonly [number, number] {
  if (type === STRING) return upToNulFrom(bytes, at, end, 2);
  if (type === ANSI) return upToNulFrom(bytes, at, end, 1);
  if (type === SID) return [end - at > 1 ? 8 + 4 * bytes.readUInt8(at + 1) : 0, 0];
  return [FIXED[type]?.[0] ?? end - at, 0];
}

function upToNulFrom(bytes: Buffer, at: number, end: number, unit: 1 | 2): readonly [number, number] {
  for (let place = at; place + unit <= end; place += unit) {
    if (bytes[place] === 0 && (unit === 1 || bytes[place + 1] === 0)) return [place - at, unit];
  }
  return [end - at, 0];
}

function upToNul(padded: string): string {
  const end = padded.indexOf('\0');
  return end === -1 ? padded : padded.slice(0, end);
}

function hex(bytes: Buffer, at: number, length: number): string {
  return bytes.toString('hex', at, at + length).toUpperCase();
}

function guid(bytes: Buffer, at: number): string {
  const number = (place: number, length: number) =>
    bytes
      .readUIntLE(at + place, length)
      .toString(16)
      .padStart(2 * length, '0');
  const tail = `${bytes.toString('hex', at + 8, at + 10)}-${bytes.toString('hex', at + 10, at + 16)}`;
  return `{${`${number(0, 4)}-${number(4, 2)}-${number(6, 2)}-${tail}`.toUpperCase()}}`;
}

/** MS-DTYP 2.4.2: revision, count, authority of 6 octets, and as many numbers. */
function sid(bytes: Buffer, at: number, length: number): string {
  const count = length >= 8 ? bytes.readUInt8(at + 1) : 0;
  if (length !== 8 + 4 * count) throw new Unreadable(`a SID has ${length} bytes`);
  const parts = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(at + 8 + 4 * index));
  return ['S', bytes.readUInt8(at), bytes.readUIntBE(at + 2, 6), ...parts].join('-');
}

/** From 1601 to 1970, in ms. */
const EPOCH_MS = 11_644_473_600_000;

/** MS-DTYP 2.3.3: units of 100 ns since 1601, UTC. */
function fileTime(ticks: bigint): string {
  const ms = Number(ticks / 10_000n) - EPOCH_MS;
  const fraction = String(ticks % 10_000_000n).padStart(7, '0');
  return new Date(ms).toISOString().replace(/\d{3}Z$/, `${fraction}Z`);
}

/** MS-DTYP 2.3.13: year, month, day of the week, day, hour, minute, second, ms, UTC. */
function systemTime(bytes: Buffer, at: number): string {
  const part = (index: number, digits: number) => String(bytes.readUInt16LE(at + 2 * index)).padStart(digits, '0');
  return `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}Z`;
}
