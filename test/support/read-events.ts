import { EventReader, type Reading, type ReadOptions } from './event-reader.ts';

/** Octets that are read at a time: some hundred records, a few milliseconds. */
const SLICE = 128 * 1024;

/**
 * Reads log records out of a stream (a file, a request) in any form of docs/event-forms.md, never holding more than a
 * part of it.
 * @yields what was read, some hundred records at a time; their index in the input runs on over all of them
 */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<readonly Reading[]> {
  const reader = new EventReader(options);
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += SLICE) {
      const readings = reader.push(chunk.subarray(start, start + SLICE));
      if (readings.length > 0) yield readings;
    }
  }
  const last = reader.end();
  if (last.length > 0) yield last;
}

/** The same for octets that are all there; the index of a record is its place in the result. */
export function readEventsFrom(bytes: Uint8Array, options: ReadOptions = {}): readonly Reading[] {
  const reader = new EventReader(options);
  const readings: Reading[] = [];
  for (let start = 0; start < bytes.length; start += SLICE) {
    for (const reading of reader.push(bytes.subarray(start, start + SLICE))) readings.push(reading);
  }
  for (const reading of reader.end()) readings.push(reading);
  return readings;
}
