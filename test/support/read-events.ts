import { EventReader, type Reading, type ReadOptions } from '../../src/activations/event-reader.ts';

/** Reads log records from a complete buffer. The index of a record is its place in the result. */
export function readEventsFrom(bytes: Uint8Array, options: ReadOptions = {}): readonly Reading[] {
  const reader = new EventReader(options);
  return [...reader.push(bytes), ...reader.end()];
}

/** Why each record was not read, or `read`. */
export function reasonsOf(content: string | Uint8Array): readonly string[] {
  return readEventsFrom(Buffer.from(content as string)).map((reading) => (reading.ok ? 'read' : reading.error.reason));
}
