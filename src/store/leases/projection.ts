import type { EventRecord } from '../../activations/types.ts';
import { DAY_S } from '../../kernel/time.ts';
import { ALWAYS_WATCHED } from '../../leases/census-book.ts';
import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import { isDuplicate } from '../../leases/duplicates.ts';
import type { HostPool } from '../../leases/host-pool.ts';
import type { Interval } from '../../leases/types.ts';
import { resultOf } from '../../products/activation-result.ts';
import { classNo, GROUPS } from '../database/numbering.ts';
import type { ClientEntry } from '../history/client-ids.ts';
import type { StoredRequest } from '../history/records.ts';
import { CensusChanges } from './census-changes.ts';
import { sharingAmong } from './fold-lease.ts';
import { HeardReports } from './heard-reports.ts';
import { hasUnnamed, officeAmong } from './infer-office.ts';
import { LeaseFolding, type Touched } from './lease-folding.ts';
import { ReportChanges } from './report-changes.ts';
import type { State } from './state.ts';

/**
 * Takes records into the state of leases. All of a batch are entered first, and each lease that they touch is folded
 * once, with the counts as they are then: so the result does not depend on the order in which records arrive.
 */
export class Projection {
  readonly #state: State;
  readonly #touched = new Map<string, Touched>();
  readonly #changes = new CensusChanges();
  readonly #machines = new Set<number>();
  /** Client ids that were used under several names, and since when in this batch. */
  readonly #renamed = new Map<number, { readonly entry: ClientEntry; readonly clientId: string; since: number }>();
  /** Client ids all of whose leases are made again. */
  readonly #again = new Set<number>();
  readonly #reports = new ReportChanges();
  /** Clients whose every record is in this batch. */
  readonly #fresh = new Map<number, ClientEntry>();
  readonly heard: HeardReports;

  /** Set when requests show that another product is Office, or one is not after all: all leases are then derived again. */
  mustReinfer = false;
  /** Up to where the regroupings of names are taken in. */
  #regroupings: number;

  /** @param regroupings up to where the state has them */
  constructor(state: State, regroupings = state.names.machines.regroupings) {
    this.#state = state;
    this.heard = new HeardReports(state);
    this.#regroupings = regroupings;
  }

  /** Writes one record down and enters it. @returns false if it is known */
  take(record: EventRecord, hostNo: number, now: number): boolean {
    const { body } = record;
    const { names, catalogue, pools, records, clientRecords, counters, notices, logs } = this.#state;
    if (body.kind !== 'request') {
      const added = notices.add(record, hostNo);
      if (added) logs.noteNotice(hostNo, record.time, body);
      return added;
    }
    // The names in a record that is dropped are not kept.
    const known = names.clients.find(body.clientId);
    const isNew = known?.machineName !== body.machine && names.machines.find(body.machine) === undefined;
    if ((isNew || known === undefined) && records.has(record, hostNo)) return false;
    const client = known ?? names.clients.entry(body.clientId, body.machine);
    if (client.fresh) this.#fresh.set(client.no, client);
    if (body.nPolicy > ALWAYS_WATCHED) {
      pools.watch(hostNo, catalogue.classOf(body.activationId, body.nPolicy), body.nPolicy);
    }
    const request = records.add(record, body, hostNo, client);
    if (request === undefined) return false;
    clientRecords.noteNew();
    counters.add(`requests ${request.host} ${request.cls} ${resultOf(request.hresult)}`, 1);
    if (catalogue.isOverruled(body.activationId, request.cls)) counters.add('reclassified', 1);
    this.enter(request, client, now, isNew);
    return true;
  }

  /** Enters a request that is in the records. @param isNew the name of its machine may not have been known before */
  enter(request: StoredRequest, client: ClientEntry, now: number, isNew = true): void {
    const { pools, lastHour, productUse, logs } = this.#state;
    const { hostNo, product, time, hresult, cls } = request;
    this.#noteLog(request, now);
    logs.noteRequest(hostNo, request, now);
    lastHour.add(`${hostNo} ${cls} ${product} ${resultOf(hresult)}`, time, now);
    productUse.add(hostNo, product, time, hresult, classNo(cls), now);
    this.#touch(request.client, product, request.machineNo, request.clientId).arrivals.push(request);
    if (request.pool !== undefined) {
      for (const change of pools.enter(request, request.pool, client.fresh, now)) this.#changes.note(change);
    } else if (hresult === 0 && this.#state.records.isStranger(request)) {
      for (const change of pools.enterStranger(request)) this.#changes.note(change);
    }
    this.heard.noteRequest(request, isNew);
    if (request.machineNo !== client.machine) this.#rename(request, client);
    else if (client.renamed) this.#noteUse(request, client);
  }

  /** What depends on the log as a whole: whether it spans, and what reports are worth. */
  #noteLog({ hostNo, time }: StoredRequest, now: number): void {
    const { logs, pools, reports } = this.#state;
    const { firstRequest, lastRequest } = logs.of(hostNo);
    if (firstRequest !== undefined && time < firstRequest) {
      const interval = { from: time + CENSUS_WINDOW, until: Math.min(firstRequest + CENSUS_WINDOW, now + 2 * DAY_S) };
      for (const change of pools.shortIn(hostNo, interval)) this.#changes.note(change);
    }
    if (lastRequest === undefined || firstRequest === undefined || time > lastRequest || !reports.has(hostNo)) return;
    // Up to where it was not known before that the log spans.
    this.#reports.note(hostNo, { from: time, until: Math.max(time, firstRequest) + CENSUS_WINDOW });
  }

  /** Has the leases folded again that asked in an interval for which the log of their host is not known after all. */
  touchGap(hostNo: number, time: number): void {
    const interval = { from: time, until: time + CENSUS_WINDOW };
    for (const change of this.#state.pools.shortIn(hostNo, interval)) this.#changes.note(change);
    if (this.#state.reports.has(hostNo)) this.#reports.note(hostNo, interval);
  }

  /** Has the leases folded again that asked a host and pool in an interval. @param n only those of this N-policy */
  touchContacts(pool: HostPool, { from, until }: Interval, n?: number): void {
    const { records, names } = this.#state;
    for (const [client, product, machine] of records.contacts.between(pool.hostNo, pool.pool, from, until, n)) {
      if (names.machines.isAmbiguous(machine)) this.#again.add(client);
      else this.#touch(client, product, machine).again = true;
    }
  }

  /** Has the exclusions of a machine's leases worked out again. */
  touchMachine(machine: number): void {
    this.#machines.add(machine);
  }

  /** Folds all that was touched. */
  finish(): void {
    for (const { host, interval } of this.#reports.requests(this.#state)) {
      for (const pool of this.#state.pools.ofHost(host)) this.touchContacts(pool, interval);
    }
    for (const { pool, interval, n } of this.#changes.merged()) this.touchContacts(pool, interval, n);
    this.#regroup();
    for (const { entry, clientId, since } of this.#renamed.values()) this.#foldUses(entry, clientId, since);
    const folding = new LeaseFolding(this.#state, this.#machines);
    for (const touched of this.#touched.values())
      if (!this.#again.has(touched.client)) folding.fold(touched, this.#fresh.has(touched.client));
    for (const client of this.#again)
      for (const { machine } of folding.foldClient(client)) this.heard.hearAgain(machine);
    this.heard.fold(folding);
    this.#infer();
    this.#exclude();
    for (const client of this.#fresh.values()) client.fresh = false;
    for (const set of [this.#touched, this.#machines, this.#renamed, this.#fresh]) set.clear();
    for (const set of [this.#changes, this.#again, this.#reports]) set.clear();
  }

  /** A name that turns out to mean another machine: all clients that have used it are looked at again. */
  #regroup(): void {
    const { names, table, former, duplicates } = this.#state;
    const regrouped = new Set(names.machines.regroupedSince(this.#regroupings));
    this.#regroupings = names.machines.regroupings;
    for (const machine of regrouped) {
      this.#machines.add(machine);
      this.heard.hearAgain(names.machines.name(machine));
      for (const id of table.ofMachine(machine)) this.#again.add(table.client.get(id));
      for (const group of GROUPS) for (const { client } of former.of(machine, group)) this.#again.add(client);
    }
    for (const { client, arrivals } of this.#touched.values()) {
      // It depends on the other names of the client id.
      const { machines } = names;
      const isOpen = ({ machineNo }: StoredRequest) =>
        regrouped.has(machineNo) ||
        machines.isAmbiguous(machineNo) ||
        (machines.mayBeAmbiguous(machineNo) && (duplicates.has(client) || this.#renamed.has(client)));
      if (arrivals.some(isOpen)) this.#again.add(client);
    }
  }

  #rename(request: StoredRequest, client: ClientEntry): void {
    client.machine = request.machineNo;
    client.machineName = request.machine;
    client.renamed = true;
    this.#noteUse(request, client);
  }

  #noteUse({ time, clientId }: StoredRequest, client: ClientEntry): void {
    const known = this.#renamed.get(client.no);
    if (known === undefined) this.#renamed.set(client.no, { entry: client, clientId, since: time });
    else known.since = Math.min(known.since, time);
  }

  #touch(client: number, product: number, machineNo: number, clientId?: string): Touched {
    const machine = this.#state.duplicates.has(client) ? machineNo : undefined;
    const key = machine === undefined ? `${client} ${product}` : `${client} ${product} ${machine}`;
    const known = this.#touched.get(key);
    if (known !== undefined) return known;
    const id = clientId ?? this.#state.names.clients.guidOf(client);
    const touched = { client, product, machine, clientId: id, arrivals: [], again: false };
    this.#touched.set(key, touched);
    return touched;
  }

  /** Only for client ids that were used under several names. */
  #foldUses(entry: ClientEntry, clientId: string, since: number): void {
    const { names, records, duplicates } = this.#state;
    names.clients.save(entry);
    if (this.#again.has(entry.no)) return;
    // A request shows something together with others of the 30 days around it.
    const around = records.ofClient(entry.no, clientId, since - CENSUS_WINDOW);
    const isKnown = duplicates.has(entry.no);
    // Which machine a bare name is, and whether an ephemeral one used the id, may depend on a request long before.
    const mayBeByName = !isKnown && this.#state.settings.leases.ephemeral.length > 0;
    if (mayBeByName || around.some(({ machineNo }) => names.machines.mayBeAmbiguous(machineNo))) {
      this.#again.add(entry.no);
      return;
    }
    const sharing = sharingAmong(this.#state, around);
    if (sharing === undefined) return;
    if (!duplicates.covers(entry.no, sharing)) this.#again.add(entry.no);
    else if (isDuplicate(sharing)) duplicates.extend(entry.no, sharing);
  }

  /** Looks for what tells whether a product of no table is Office. */
  #infer(): void {
    if (!hasUnnamed(this.#state)) return;
    const { records, names, catalogue, table } = this.#state;
    const touched = [...this.#touched.values()].filter(({ arrivals }) => arrivals.length > 0);
    const unnamed = (client: number) =>
      [...table.ofClient(client)].some((id) => !catalogue.isNamed(names.products.name(table.product.get(id))));
    for (const client of new Set([...touched.map((one) => one.client), ...this.#again])) {
      if (!unnamed(client)) continue;
      const office = officeAmong(this.#state, records.ofClient(client, names.clients.guidOf(client)));
      if ([...office].some((id) => !catalogue.office.has(id))) this.mustReinfer = true;
      // One that turns out to be shared shows nothing any more, and others may.
      if (this.#again.has(client) && catalogue.office.size > 0 && office.size === 0) this.mustReinfer = true;
    }
  }

  #exclude(): void {
    const { exclusions, table, rows } = this.#state;
    const exclusionOf = exclusions.reckoner();
    for (const id of new Set(exclusions.dependents(this.#machines))) {
      const exclusion = exclusionOf(id);
      if (exclusion === table.exclusion(id)) continue;
      table.setExclusion(id, exclusion);
      rows.touch(id);
    }
  }
}
