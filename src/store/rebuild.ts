import type { DatabaseSync } from 'node:sqlite';
import { CensusBook } from '../leases/census-book.ts';
import { foldUse, type IdUse, UNUSED } from '../leases/duplicates.ts';
import { foldRequest } from '../leases/fold.ts';
import { addContact, type Presence } from '../leases/presence.ts';
import { bestCount } from '../leases/reported.ts';
import type { Interval, Lease, Pool } from '../leases/types.ts';
import type { Home } from './home.ts';
import { contactsWith, standsFor } from './lease-traits.ts';
import type { StoredRequest } from './records.ts';
import { num, query, text } from './rows.ts';
import type { StoreSettings } from './settings.ts';
import { State } from './state.ts';
import { WRITE_BEHIND } from './unwritten.ts';

/** What is watched in a home, and its clients' presences, while its book is drawn. */
interface Drawing {
  readonly watched: Set<number>;
  readonly from: number[];
  readonly until: number[];
  latest: number;
}

/**
 * Derives the state of all leases anew from the records, as after a change of products, aliases or validity. Runs in the
 * caller's transaction, so that readers see what was before or all of what is after.
 */
export function rebuild(database: DatabaseSync, settings: StoreSettings, now: number): void {
  foldHosts(database, settings);
  database.exec(
    'DELETE FROM leases; DELETE FROM unwritten; DELETE FROM strays; DELETE FROM homes; DELETE FROM product_use',
  );
  database.exec('UPDATE products SET cls = NULL');
  database.exec('UPDATE clients SET in_turn = NULL WHERE in_turn IS NOT NULL');
  const state = new State(database, settings);
  state.marks.reset();
  state.productUse.reset();
  drawBooks(state, now);
  for (const [host, notice] of state.notices.all()) state.marks.take(host, notice, undefined);
  const setInTurn = query(database, 'UPDATE clients SET in_turn = ? WHERE id = ?');
  for (const requests of state.records.byClient()) {
    const inTurn = inTurnAt(requests);
    if (inTurn !== undefined) setInTurn.run(inTurn, requests[0]?.client ?? 0);
    for (const own of Map.groupBy(requests, ({ product }) => product).values()) storeLease(state, own);
  }
  const fateOf = state.fates.telling();
  for (let id = 1; id < state.columns.length; id++) {
    const fate = state.columns.isKnown(id) ? fateOf(id) : 0;
    if (fate !== 0) state.leases.setFate(id, fate);
  }
  state.leases.unwritten.write();
  state.save();
}

/** Gives every record the host that its name means now; what then is known twice is left out. */
function foldHosts(database: DatabaseSync, { aliases }: StoreSettings): void {
  const insert = query(
    database,
    'INSERT INTO hosts (name) VALUES (?) ON CONFLICT DO UPDATE SET name = name RETURNING id',
  );
  for (const [id, name] of query(database, 'SELECT id, name FROM hosts').all()) {
    const host = num(insert.get(aliases[text(name)] ?? text(name))?.[0]);
    for (const table of ['records', 'notices'] as const) {
      query(database, `UPDATE OR IGNORE ${table} SET host = ? WHERE named_host = ? AND host <> ?`).run(
        host,
        num(id),
        host,
      );
      query(database, `DELETE FROM ${table} WHERE named_host = ? AND host <> ?`).run(num(id), host);
    }
  }
}

function drawBooks(state: State, now: number): void {
  const drawings = new Map<Home, Drawing>();
  for (const requests of state.records.byClient()) {
    const presences = new Map<Home, Presence>();
    for (const request of requests) drawRequest(state, request, presences, drawings, now);
    for (const [home, presence] of presences) {
      const { from, until } = drawingOf(drawings, home);
      for (const interval of presence) {
        from.push(interval.from);
        until.push(interval.until);
      }
    }
  }
  for (const [home, { watched, from, until, latest }] of drawings) {
    for (const n of state.homes.thresholds(home.pool)) watched.add(n);
    home.book = CensusBook.of(presencesOf(from, until), watched, latest === 0 ? undefined : latest);
  }
}

function drawRequest(
  { homes, marks, productUse }: State,
  request: StoredRequest,
  presences: Map<Home, Presence>,
  drawings: Map<Home, Drawing>,
  now: number,
): void {
  const { hostNo, product, time, hresult, pool, cls, nPolicy } = request;
  marks.take(hostNo, { ...request, log: 'kms', body: { ...request, kind: 'request', status: 0 } }, cls);
  productUse.add(hostNo, product, time, hresult !== 0, now);
  if (pool === undefined) return;
  const home = homes.at(hostNo, pool);
  home.changed = true;
  home.activity.add(time);
  home.lastRequest = Math.max(home.lastRequest, time);
  if (hresult !== 0) return;
  const drawing = drawingOf(drawings, home);
  drawing.watched.add(nPolicy);
  drawing.latest = Math.max(drawing.latest, time);
  presences.set(home, addContact(presences.get(home) ?? [], time).presence);
}

function drawingOf(drawings: Map<Home, Drawing>, home: Home): Drawing {
  const drawing = drawings.get(home) ?? { watched: new Set<number>(), from: [], until: [], latest: 0 };
  drawings.set(home, drawing);
  return drawing;
}

function* presencesOf(from: readonly number[], until: readonly number[]): Iterable<Interval[]> {
  for (const [index, start] of from.entries()) yield [{ from: start, until: until[index] ?? start }];
}

/** When two machines were found to use a client id in turn. @param requests all of that client id, in order */
export function inTurnAt(requests: readonly StoredRequest[]): number | undefined {
  if (requests.every(({ machineNo }) => machineNo === requests[0]?.machineNo)) return undefined;
  return requests.reduce<IdUse>((use, { time, machine }) => foldUse(use, time, machine), UNUSED).inTurn;
}

function storeLease(state: State, own: readonly StoredRequest[]): void {
  let lease: Lease | undefined;
  for (const request of own) lease = foldRequest(lease, request, countFor(state, request), state.settings.leases);
  const [first] = own;
  if (lease === undefined || first === undefined) return;
  const contacts = contactsWith(undefined, own, (host: number, pool: Pool) => state.homes.at(host, pool).no);
  const { client, product } = first;
  const id = state.leases.save({ id: undefined, client, product, fate: 0, lease, contacts }, false);
  if (state.leases.unwritten.size > WRITE_BEHIND.most) state.leases.unwritten.write();
  state.columns.put(id, { client, product, lease, fate: 0 }, state.names);
  for (const request of own) {
    if (!standsFor(lease, request)) state.strays.add(request.machineNo, client, request);
  }
}

/** The count that decides what a host's answer is worth; undefined where it decides nothing. */
export function countFor(state: State, request: StoredRequest): number | undefined {
  const { pool, hostNo, time, hresult, nPolicy } = request;
  if (pool === undefined || hresult !== 0) return undefined;
  const census = state.homes.at(hostNo, pool).book.countAt(time);
  if (census >= nPolicy) return census;
  return bestCount(census, state.reports.countAt(hostNo, pool, time, state.settings.reportStaleAfter));
}
