/**
 * Answers to a bind, laid out by hand from C706 12.6.4 in either byte order, right and wrong.
 * They deliberately share no code with the reader.
 */

export interface HeaderChanges {
  readonly version?: number;
  readonly minor?: number;
  readonly type?: number;
  readonly flags?: number;
  /** First byte of packed_drep; 0x10 little-endian, 0x00 big-endian. */
  readonly representation?: number;
  readonly fragLength?: number;
  readonly authLength?: number;
  readonly callId?: number;
}

const NDR_LITTLE = '045d888aeb1cc9119fe808002b10486002000000';
const NDR_BIG = '8a885d041ceb11c99fe808002b10486000000002';

/** A whole message: header and body, with the actual length unless another one is given. */
export function rpcMessage(type: number, body: Buffer, changes: HeaderChanges = {}): Buffer {
  const representation = changes.representation ?? 0x10;
  const big = representation >> 4 === 0;
  const header = Buffer.from([
    changes.version ?? 5,
    changes.minor ?? 0,
    changes.type ?? type,
    changes.flags ?? 0x03,
    representation,
    0,
    0,
    0,
  ]);
  const integers = Buffer.concat([
    u16(changes.fragLength ?? 16 + body.length, big),
    u16(changes.authLength ?? 0, big),
    u32(changes.callId ?? 1, big),
  ]);
  return Buffer.concat([header, integers, body]);
}

export interface BindAckOptions extends HeaderChanges {
  readonly result?: number;
  readonly reason?: number;
  /** Text of the secondary address, without its NUL; undefined for none at all. */
  readonly secondaryAddress?: string | undefined;
  readonly results?: number;
}

export function bindAckMessage(options: BindAckOptions = {}): Buffer {
  const big = (options.representation ?? 0x10) >> 4 === 0;
  const text = 'secondaryAddress' in options ? options.secondaryAddress : '1688';
  const address = text === undefined ? Buffer.alloc(0) : Buffer.from(`${text}\0`, 'latin1');
  const start = Buffer.concat([u16(5840, big), u16(5840, big), u32(0x1234, big), u16(address.length, big), address]);
  const padding = Buffer.alloc((4 - ((16 + start.length) % 4)) % 4);
  const results = Buffer.concat([
    Buffer.from([options.results ?? 1, 0, 0, 0]),
    u16(options.result ?? 0, big),
    u16(options.reason ?? 0, big),
    Buffer.from(big ? NDR_BIG : NDR_LITTLE, 'hex'),
  ]);
  return rpcMessage(12, Buffer.concat([start, padding, results]), options);
}

export function bindNakMessage(reason: number, changes: HeaderChanges = {}): Buffer {
  const big = (changes.representation ?? 0x10) >> 4 === 0;
  return rpcMessage(13, Buffer.concat([u16(reason, big), Buffer.from([1, 5, 0])]), changes);
}

export function faultMessage(status: number, changes: HeaderChanges = {}): Buffer {
  const big = (changes.representation ?? 0x10) >> 4 === 0;
  return rpcMessage(
    3,
    Buffer.concat([u32(0, big), u16(0, big), Buffer.alloc(2), u32(status, big), u32(0, big)]),
    changes,
  );
}

function u16(value: number, big: boolean): Buffer {
  const octets = Buffer.alloc(2);
  if (big) octets.writeUInt16BE(value);
  else octets.writeUInt16LE(value);
  return octets;
}

function u32(value: number, big: boolean): Buffer {
  const octets = Buffer.alloc(4);
  if (big) octets.writeUInt32BE(value);
  else octets.writeUInt32LE(value);
  return octets;
}
