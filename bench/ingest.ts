import { EVENT_FORMS } from '../src/activations/forms/table.ts';
import { DAY_S } from '../src/kernel/time.ts';
import { forgetPeak, peakMiB, startAgent } from './agent.ts';
import { type Dataset, type Form, firstContacts, LEASES, openDataset, renewals, type SentSeries } from './dataset.ts';
import type { Series } from './log-records.ts';
import { type Figure, mebibytes, milliseconds, print, ratio } from './report.ts';

const CLIENTS = 50_000;
const ROUNDS = 10;
const IN_FORMS = 100_000;
/** 20,000 records a second on the machine on which the own form does 30,000. */
const LEAST_SHARE = 'at least 0.67';

interface Run extends SentSeries {
  /** MiB. */
  readonly peak: number;
  /** Milliseconds. */
  readonly p999: number;
  readonly max: number;
}

/** Log records over HTTP, eight senders of 1,000 at a time: into an empty store, and with a million leases in it. */
export async function ingest(): Promise<void> {
  const dataset = await openDataset();
  const empty = await run(dataset, await dataset.empty(), weekly(dataset.now));
  const numbered = await run(dataset, await dataset.million(), renewals(dataset.now, 'numbered'));
  const random = await run(dataset, await dataset.million(), renewals(dataset.now, 'random'));
  const share = (other: Run) => ratio(rateOf(other) / rateOf(empty));
  print('Log records over HTTP in the own form, oldest first, answered when on disk', [
    ...figuresOf(`${CLIENTS} clients ${ROUNDS} times, into an empty store`, empty),
    ...figuresOf(`renewals with ${LEASES} leases, in the order of first contact`, numbered),
    { what: '  share of the rate into an empty store', value: share(numbered), bar: 'at least 0.90' },
    ...figuresOf(`renewals with ${LEASES} leases, in random order`, random),
    { what: '  share of the rate into an empty store', value: share(random), bar: 'at least 0.80' },
  ]);
}

/** Clients that nobody knew, a million of them. */
export async function strangers(): Promise<void> {
  const dataset = await openDataset();
  const fill = await run(dataset, await dataset.empty(), firstContacts(dataset.now));
  print('Log records over HTTP of clients that nobody knew', figuresOf(`${LEASES} new clients`, fill));
}

/** The cost of other forms compared with kmswatch's own, and of newest first compared with oldest first. */
export async function forms(): Promise<void> {
  const dataset = await openDataset();
  const series = { ...weekly(dataset.now), records: IN_FORMS, from: dataset.now - 14 * DAY_S };
  const own = await run(dataset, await dataset.empty(), series);
  const figures: Figure[] = [{ what: 'own', value: perSecond(own), bar: '20000 /s' }];
  for (const { name } of EVENT_FORMS.filter((form) => form.name !== 'own')) {
    const other = await run(dataset, await dataset.empty(), series, name);
    figures.push(
      { what: name, value: perSecond(other) },
      { what: '  share of the rate of the own form', value: ratio(rateOf(other) / rateOf(own)), bar: LEAST_SHARE },
      { what: '  CPU time beside the own form', value: ratio(other.cpu / own.cpu) },
    );
  }
  print(`${IN_FORMS} log records over HTTP by form`, figures);
}

/** As `Get-WinEvent` gives them. */
export async function newest(): Promise<void> {
  const dataset = await openDataset();
  const series = weekly(dataset.now);
  const oldestFirst = await run(dataset, await dataset.empty(), series);
  const newestFirst = await run(dataset, await dataset.empty(), { ...series, newestFirst: true });
  print(`${series.records} log records of ${CLIENTS} clients over HTTP`, [
    { what: 'oldest first', value: perSecond(oldestFirst), bar: '20000 /s' },
    { what: 'newest first', value: perSecond(newestFirst) },
    { what: '  share of the time', value: ratio(newestFirst.seconds / oldestFirst.seconds), bar: '3.00' },
  ]);
}

async function run(dataset: Dataset, database: string, series: Series, form?: Form): Promise<Run> {
  const agent = await startAgent({ database, withDelay: true });
  await forgetPeak(agent.pid);
  await agent.resetDelay();
  const sent = await dataset.send(agent, series, form);
  const { p999, max } = await agent.delay();
  const peak = await peakMiB(agent.pid);
  await agent.stop();
  return { ...sent, peak, p999, max };
}

/** Each client once a week, in another order each week. */
function weekly(now: number): Series {
  const records = CLIENTS * ROUNDS;
  return {
    clients: CLIENTS,
    records,
    from: now - 7 * ROUNDS * DAY_S,
    until: now,
    order: 'random',
    newestFirst: false,
    firstId: 1,
  };
}

function figuresOf(what: string, { records, cpu, peak, p999, max, slowest, ...rest }: Run): Figure[] {
  return [
    { what, value: perSecond({ records, ...rest }), bar: '20000 /s' },
    { what: '  CPU time a record', value: `${((cpu / records) * 1e6).toFixed(0)} µs` },
    { what: '  slowest answer', value: milliseconds(slowest) },
    { what: '  event loop delay, p99.9', value: milliseconds(p999), bar: '50 ms' },
    { what: '  event loop delay, largest', value: milliseconds(max), bar: '150 ms' },
    { what: '  resident memory, largest', value: mebibytes(peak), bar: '381 MiB (400 MB)' },
  ];
}

function rateOf({ records, seconds }: Pick<SentSeries, 'records' | 'seconds'>): number {
  return records / seconds;
}

function perSecond(sent: Pick<SentSeries, 'records' | 'seconds'>): string {
  return `${Math.round(rateOf(sent))} /s`;
}
