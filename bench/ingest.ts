import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { temporaryFolder } from '../test/peers/temporary-folder.ts';
import type { IngestJob, IngestResult } from './ingest-child.ts';
import { mebibytes, milliseconds, print, ratio } from './report.ts';

const LEASES = 1_000_000;
const RECORDS = 200_000;
const ROUNDS = 10;
const ROUND_CLIENTS = 50_000;
const DAY = 86_400;

/** The store under records: empty, with a million leases, newest first; and what a million leases cost at rest. */
export async function ingest(): Promise<void> {
  const folder = await temporaryFolder();
  const now = Math.floor(Date.now() / 1000);
  const run = (job: Omit<IngestJob, 'path' | 'now'> & { readonly name: string }) =>
    runChild({ ...job, path: join(folder.path, `${job.name}.db`), now });

  const oldest = await run({
    name: 'oldest',
    clients: ROUND_CLIENTS,
    records: ROUNDS * ROUND_CLIENTS,
    from: 70 * DAY,
    reverse: false,
  });
  const newest = await run({
    name: 'newest',
    clients: ROUND_CLIENTS,
    records: ROUNDS * ROUND_CLIENTS,
    from: 70 * DAY,
    reverse: true,
  });
  const fill = await run({ name: 'million', clients: LEASES, records: LEASES, from: 7 * DAY, reverse: false });
  const full = await run({ name: 'million', clients: LEASES, records: RECORDS, from: DAY / 24, reverse: false });
  const rest = await run({ name: 'million', clients: LEASES, records: 0, from: 0, reverse: false });
  await folder.remove();

  const rate = ({ records, seconds }: IngestResult) => `${Math.round(records / seconds)} /s`;
  print('Records to the store, eight senders of 1,000, acknowledged', [
    { what: `${ROUND_CLIENTS} clients ${ROUNDS} times, into an empty store`, value: rate(oldest), bar: '20000 /s' },
    { what: 'the same newest first, share of the time', value: ratio(newest.seconds / oldest.seconds), bar: '3.00' },
    { what: `${LEASES} new clients`, value: rate(fill), bar: '20000 /s' },
    { what: `renewals with ${LEASES} leases in the store`, value: rate(full), bar: '20000 /s' },
    {
      what: '  share of the rate into an empty store',
      value: ratio(full.records / full.seconds / (oldest.records / oldest.seconds)),
      bar: 'at least 0.60',
    },
    { what: '  event loop delay, p99.9', value: milliseconds(full.loopDelay), bar: '50 ms' },
    { what: '  resident memory, largest', value: mebibytes(full.resident), bar: '400 MiB' },
    { what: `start with ${LEASES} leases`, value: milliseconds(rest.opening), bar: '3000 ms' },
    { what: '  resident memory at rest', value: mebibytes(rest.resident), bar: '250 MiB' },
  ]);
}

/** A process of its own, so that memory is that of one store. */
async function runChild(job: IngestJob): Promise<IngestResult> {
  const child = fork(join(import.meta.dirname, 'ingest-child.ts'), [JSON.stringify(job)]);
  const [result] = await once(child, 'message');
  await once(child, 'exit');
  return result;
}
