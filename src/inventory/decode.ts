import { isUtf8 } from 'node:buffer';

/** Decoded at once, so that a large source never blocks for long. */
const SLICE = 1024 * 1024;
/** Read to guess the encoding of a text without a byte-order mark. */
const SAMPLE = 4096;

/** The text of a source in pieces, without its byte-order mark: UTF-8, UTF-16 or Windows-1252. */
export function* decoded(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder(encodingOf(bytes));
  for (let start = 0; start < bytes.length; start += SLICE) {
    yield decoder.decode(bytes.subarray(start, start + SLICE), { stream: true });
  }
  yield decoder.decode();
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, SAMPLE);
  const zeros = [0, 1].map((parity) => sample.filter((byte, index) => byte === 0 && index % 2 === parity).length);
  const [even = 0, odd = 0] = zeros;
  // Names of columns are mostly of the alphabet: their other octet is 0.
  if (odd > sample.length / 4) return 'utf-16le';
  if (even > sample.length / 4) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}
