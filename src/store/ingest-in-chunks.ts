import { setImmediate as turn } from 'node:timers/promises';
import type { EventRecord } from '../activations/types.ts';
import { ok } from '../kernel/result.ts';
import type { Ingested, Stored, Unread } from './store-types.ts';

/** Records that go to the thread as one text: some milliseconds of the event loop. */
const CHUNK = 1000;

export const NOTHING_UNREAD: Unread = { ignored: 0, rejected: 0 };

/** Hands records on in chunks, between which the event loop has its turn. @param unread told with the first of them */
export async function ingestInChunks(
  records: readonly EventRecord[],
  unread: Unread,
  write: (text: string, count: number, unread: Unread) => Stored<Ingested>,
): Stored<Ingested> {
  const answers: Stored<Ingested>[] = [];
  for (let at = 0; at === 0 || at < records.length; at += CHUNK) {
    if (at > 0) await turn();
    const chunk = records.slice(at, at + CHUNK);
    answers.push(write(JSON.stringify(chunk), chunk.length, at === 0 ? unread : NOTHING_UNREAD));
  }
  const sum = { accepted: 0, duplicate: 0, ignored: 0 };
  for (const answer of await Promise.all(answers)) {
    if (!answer.ok) return answer;
    for (const name of ['accepted', 'duplicate', 'ignored'] as const) sum[name] += answer.value[name];
  }
  return ok(sum);
}
