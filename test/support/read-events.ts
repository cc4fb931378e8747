import { EventReader, type Reading, type ReadOptions } from '../../src/activations/event-reader.ts';

/** Reads log records out of octets that are all there; the index of a record is its place in the result. */
export function readEventsFrom(bytes: Uint8Array, options: ReadOptions = {}): readonly Reading[] {
  const reader = new EventReader(options);
  return [...reader.push(bytes), ...reader.end()];
}
