import { DatabaseSync } from 'node:sqlite';
import { millis, seconds, wholeSeconds } from '../src/kernel/time.ts';
import { openForWriting } from '../src/store/database/database.ts';
import { migrate } from '../src/store/database/migrations.ts';
import { ClientHistoryQuery } from '../src/store/reading/client-history.ts';
import { LeasePages } from '../src/store/reading/lease-pages.ts';
import { readContext } from '../src/store/reading/read-context.ts';
import { Engine } from '../src/store/threads/engine.ts';
import { DEFAULT_SETTINGS } from '../test/store/default-settings.ts';
import { syntheticRecord } from '../test/store/synthetic.ts';
import { LEASES, openDataset } from './dataset.ts';
import { median } from './measure.ts';
import { milliseconds, print } from './report.ts';

const COUNTS = 20;
const REQUESTS = 5000;
const HOURS_2 = 7200;

/** The time for which the writer stops to count a million leases, machines and last contacts. The count of the start is not among them. */
export async function count(): Promise<void> {
  const dataset = await openDataset();
  const database = openForWriting(await dataset.million());
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(dataset.now));
  engine.aggregates(seconds(dataset.now));
  const times = Array.from({ length: COUNTS }, (_, minute) =>
    took(() => engine.aggregates(seconds(dataset.now + (minute + 1) * 60))),
  );
  database.close();
  print(`Counting ${LEASES} leases in the writer's thread, ${COUNTS} times`, [
    { what: 'largest stop', value: milliseconds(Math.max(...times)), bar: '120 ms' },
    { what: 'median', value: milliseconds(median(times)) },
  ]);
}

/** The time that the reader's thread takes for a client that has asked every two hours for more than a year. */
export async function explain(): Promise<void> {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const now = wholeSeconds(millis(Date.now()));
  const engine = new Engine(database, DEFAULT_SETTINGS, now);
  const begin = Math.max(now - REQUESTS * HOURS_2, now - DEFAULT_SETTINGS.history + HOURS_2);
  const step = Math.floor((now - begin) / REQUESTS);
  const records = Array.from({ length: REQUESTS }, (_, n) => ({
    ...syntheticRecord(0, 0),
    recordId: n,
    time: seconds(begin + n * step),
  }));
  const others = Array.from({ length: 100 }, (_, n) => ({
    ...syntheticRecord(n + 1, now - 100),
    recordId: 10_000 + n,
  }));
  engine.ingest([{ source: 'import', records: [...records, ...others], unread: { ignored: 0, rejected: 0 } }], now);
  const context = readContext(database, DEFAULT_SETTINGS);
  const history = new ClientHistoryQuery(context, new LeasePages(context));
  const times = Array.from({ length: COUNTS }, () => took(() => history.history('ws0', now)));
  print(`Explaining a client with ${REQUESTS} requests, ${COUNTS} times`, [
    { what: 'median', value: milliseconds(median(times)), bar: '25 ms' },
    { what: 'largest, the first included', value: milliseconds(Math.max(...times)) },
  ]);
}

function took(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}
