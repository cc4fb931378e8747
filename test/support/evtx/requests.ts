import type { Reading } from '../../../src/activations/event-reader.ts';
import type { LogRecord } from '../../data/events/writers.ts';

const CLIENT = '930bd202-a335-4c7e-bd9d-7305361f0d37';

/** A request of a client, as its host logs it. */
export const request = (recordId: number): LogRecord => ({
  host: 'KMS01.corp.example.com',
  channel: 'Key Management Service',
  id: 12290,
  recordId,
  time: 1.7e12 + recordId * 1000,
  data: ['', '0x0', '25', `wks${recordId}`, CLIENT, '2026/5/4 10:11', '0', '1', '249120', CLIENT],
});

export const requests = (count: number): readonly LogRecord[] =>
  Array.from({ length: count }, (_, index) => request(index + 1));

/** The record ids that were read, or why not. */
export function outcome(readings: readonly Reading[]): readonly (number | string)[] {
  return readings.map((reading) => (reading.ok ? reading.value.recordId : reading.error.reason));
}

export const ids = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Where each record of the log begins, in its order. */
export function placesOf(log: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = log.indexOf('**\0\0'); at !== -1; at = log.indexOf('**\0\0', at + 4)) places.push(at);
  return places;
}
