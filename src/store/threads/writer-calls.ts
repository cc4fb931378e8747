import type { DatabaseSync } from 'node:sqlite';
import type { EventRecord } from '../../activations/types.ts';
import type { HostName } from '../../kernel/host-name.ts';
import type { Seconds } from '../../kernel/time.ts';
import { loadForest, saveForest } from '../agent-memory/forest.ts';
import { loadOpenConditions, saveOpenConditions } from '../agent-memory/open-conditions.ts';
import { keepOutbox, loadOutbox, saveOutbox } from '../agent-memory/outbox.ts';
import { loadSightings, saveSightings } from '../agent-memory/sightings.ts';
import type { IngestSource } from '../aggregates.ts';
import { forecast } from '../counting/forecast.ts';
import { overview } from '../counting/overview.ts';
import { readMeta } from '../database/meta.ts';
import type { Repaired } from '../database/repair.ts';
import { transaction } from '../database/transaction.ts';
import { eraseSecurely } from '../erasure/erase.ts';
import { loadBookmark } from '../history/log-bookmarks.ts';
import type { InventoryPart } from '../inventory/inventory-part.ts';
import { planRetirement } from '../leases/retire.ts';
import type { MonthReport, Outage } from '../months/month-types.ts';
import { closeMonth, takeOutages } from '../months/months.ts';
import type { ForecastQuestion } from '../queries.ts';
import type { StoreSettings } from '../settings.ts';
import type { ClockTick, Ingested, LogBookmark, LogHeard, ReportedCounts, Unread } from '../store-types.ts';
import type { Delivery } from './delivery.ts';
import type { Engine } from './engine.ts';
import type { Asked, CallsOf, CallTable } from './messages.ts';

interface On {
  readonly engine: Engine;
  readonly database: DatabaseSync;
  readonly now: Seconds;
}

/** What the writer thread does for a call by itself, in one transaction if it writes. */
const CALLS = {
  configure: ({ engine, now }, settings: StoreSettings): undefined => void engine.configure(settings, now),
  aggregates: ({ engine, now }) => engine.aggregates(now),
  overview: ({ engine, now }, days: number) => overview(engine.state, days, now),
  forecast: ({ engine, now }, question: ForecastQuestion) =>
    forecast(engine.state, question, now, engine.aggregates(now).hosts),
  takeInventoryPart: ({ engine }, part: InventoryPart) => engine.takeInventoryPart(part),
  takeGap: ({ engine }, host: HostName, time: Seconds): undefined => void engine.takeGap(host, time),
  takeHeard: ({ engine }, heard: readonly LogHeard[]): undefined => void engine.takeHeard(heard),
  retire: ({ engine, now }, clients: readonly string[]) => engine.retire(clients, now),
  undoRetirement: ({ engine }, clients: readonly string[]) => engine.undoRetirement(clients),
  planRetirement: ({ engine, now }, clients: readonly string[], silentFor: number | null) =>
    planRetirement(engine.state, clients, silentFor === null ? undefined : now - silentFor, now),
  erase: ({ database }, clients: readonly string[]) => eraseSecurely(database, clients),
  /** Answers up to when it may be groomed. */
  tick: ({ engine, now }, clock?: ClockTick) => engine.tick(now, clock),
  loadClock: ({ database }) => readMeta(database, 'clock'),
  logBookmark: ({ database }, host: HostName) => loadBookmark(database, host),
  loadSightings: ({ database }) => loadSightings(database),
  loadOutbox: ({ database }) => loadOutbox(database),
  loadForest: ({ database }) => loadForest(database),
  loadOpenConditions: ({ database }) => loadOpenConditions(database),
  saveSightings: saving(saveSightings),
  saveOutbox: saving(saveOutbox),
  keepOutbox: saving(keepOutbox),
  saveForest: saving(saveForest),
  saveOpenConditions: saving(saveOpenConditions),
  closeMonth: ({ database, now }, report: MonthReport): undefined =>
    void transaction(database, () => closeMonth(database, report, now)),
  takeOutages: ({ database, now }, outages: readonly Outage[]): undefined =>
    void transaction(database, () => takeOutages(database, outages, now)),
} satisfies CallTable<On>;

/** Calls that share a commit with others like them. */
type SharedCalls = {
  /** Records as JSON: one long text is copied to a thread in no time, and objects are not. */
  ingest(source: IngestSource, records: string, count: number, unread: Unread, bookmark?: LogBookmark): Ingested;
  takeReport(report: ReportedCounts): undefined;
};

/** Calls about the file of the database, whether it can be opened or not. */
type FileCalls = {
  repair(): Repaired | undefined;
  close(): undefined;
};

/** The calls of the writer thread, with their answers. */
export type WriterCalls = CallsOf<typeof CALLS> & SharedCalls & FileCalls;

export type WriterCall = Asked<WriterCalls>;
export type FileCall = Extract<WriterCall, { readonly name: keyof FileCalls }>;

/** Does what is asked. @param calls those that share the commit of the first @returns the answer to each */
export function doCalls(
  engine: Engine,
  database: DatabaseSync,
  call: Exclude<WriterCall, FileCall>,
  calls: readonly WriterCall[],
): readonly unknown[] {
  const { name, now, args } = call;
  if (name === 'ingest') return engine.ingest(deliveries(calls), now);
  if (name === 'takeReport')
    return engine.takeReports(calls.flatMap((one) => (one.name === 'takeReport' ? one.args : [])));
  const answer: (on: On, ...args: never) => unknown = CALLS[name];
  return [answer({ engine, database, now }, ...(args as never))];
}

function saving<Args extends readonly unknown[]>(save: (database: DatabaseSync, ...args: Args) => void) {
  return ({ database }: On, ...args: Args): undefined => void transaction(database, () => save(database, ...args));
}

function deliveries(calls: readonly WriterCall[]): Delivery[] {
  return calls.flatMap((call) => {
    if (call.name !== 'ingest') return [];
    const [source, text, , unread, bookmark] = call.args;
    const records: readonly EventRecord[] = JSON.parse(text);
    return [{ source, records, unread, bookmark, inDoubt: call.inDoubt }];
  });
}
