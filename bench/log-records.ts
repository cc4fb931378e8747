import { z } from 'zod';
import type { LogRecord } from '../test/data/events/writers.ts';

/** Clients of one host that ask again and again, evenly over a stretch of time. */
export const SeriesSchema = z.object({
  clients: z.int(),
  /** How often each client of `records` asks, in another order each time. */
  records: z.int(),
  /** Seconds since the epoch of the first and of the last record. */
  from: z.int(),
  until: z.int(),
  /** `numbered`: as they are numbered; `random`: as machines do that are switched on when their people come. */
  order: z.enum(['numbered', 'random']),
  newestFirst: z.boolean(),
  /** The record id of the first. */
  firstId: z.int(),
});
export type Series = z.infer<typeof SeriesSchema>;

/** A record's form says how it is written; the figures of a series are those of the same records in each form. */
export function* recordsOf(series: Series): Iterable<LogRecord> {
  const { records, from, until, newestFirst, firstId } = series;
  const clients = [...clientsOf(series)];
  for (let index = 0; index < records; index += 1) {
    const place = newestFirst ? records - 1 - index : index;
    const time = from + Math.floor((place * (until - from)) / records);
    yield request(clients[place] ?? 0, firstId + place, time);
  }
}

/** The client of each record, oldest first. */
function* clientsOf({ clients, records, order, from }: Series): Iterable<number> {
  const random = xorshift(from);
  for (let done = 0; done < records; done += clients) {
    const round = Uint32Array.from({ length: clients }, (_, client) => client);
    if (order === 'random') shuffle(round, random);
    yield* round.subarray(0, records - done);
  }
}

function request(client: number, recordId: number, time: number): LogRecord {
  return {
    host: 'kms01.corp.test',
    channel: 'Key Management Service',
    id: 12290,
    recordId,
    time: time * 1000,
    data: [
      '0x0',
      '25',
      `pc-${scattered(client, 0x9e37_79b1).toString(36).padStart(7, '0')}.corp.test`,
      guidOf(client),
      clientTime(time),
      client % 3 === 0 ? '1' : '0',
      '1',
      '249120',
      '73111121-5638-40f6-bc11-f1d7b0d64300',
    ],
  };
}

/** Names and ids come in no order, as in life. */
function guidOf(client: number): string {
  const head = scattered(client, 0x85eb_ca6b).toString(16).padStart(8, '0');
  return `${head}-0000-4000-8000-${client.toString(16).padStart(12, '0')}`;
}

/** One to one, as the factor is odd. */
function scattered(value: number, factor: number): number {
  return Math.imul(value, factor) >>> 0;
}

/** As a host writes it: `2026/05/04 12:00`. */
function clientTime(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 16).replaceAll('-', '/').replace('T', ' ');
}

function shuffle(values: Uint32Array, random: () => number): void {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [values[last], values[other]] = [values[other] ?? 0, values[last] ?? 0];
  }
}

/** Marsaglia's, in [0, 1): the same in every run. */
function xorshift(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
