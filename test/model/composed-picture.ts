import { ageOf, expiryOf } from '../../src/leases/expiry.ts';
import { idleLimit, longestGap } from '../../src/leases/idle.ts';
import { machinesOf } from '../../src/leases/machine-groups.ts';
import { isBare, sameMachine } from '../../src/leases/machines.ts';
import { breachTime, isKnown, marginOf, type Standing, spans } from '../../src/leases/margin.ts';
import { compareRecords } from '../../src/leases/order.ts';
import { addContact, isPresent, type Presence } from '../../src/leases/presence.ts';
import { isRefused, REFUSED_WINDOW } from '../../src/leases/refused.ts';
import { isLongRun, isRetrying, runStartOf } from '../../src/leases/retrying.ts';
import { CENSUS_WINDOW, HOUR } from '../../src/leases/seconds.ts';
import { isSkewed } from '../../src/leases/skew.ts';
import { stalledRatio } from '../../src/leases/stalled.ts';
import { isCounted, isForgotten, isRetired, stateOf } from '../../src/leases/state.ts';
import { isSuperseded } from '../../src/leases/superseded.ts';
import {
  AGE_DAYS,
  type ClassTally,
  countLease,
  EXPIRING_WITHIN_DAYS,
  emptyTally,
  finishTally,
} from '../../src/leases/tally.ts';
import { tolerated } from '../../src/leases/tolerated.ts';
import type { CountedState, Lease, LeaseRequest, LeaseState } from '../../src/leases/types.ts';
import { type Composed, type HostPool, reportedAt } from './composed.ts';
import { type ModelLease, type Picture, rfc3339, sampleName } from './world.ts';

interface View {
  readonly lease: Lease;
  readonly state: LeaseState;
  readonly expiry: number | undefined;
  readonly retrying: boolean;
  readonly longRun: boolean;
  readonly retired: boolean;
}

type CountedView = View & { readonly state: CountedState };

/** The results of the composed functions for everything that has arrived, at a moment. */
export function composedPicture(composed: Composed, now: number): Picture {
  const views = [...composed.leases.keys()]
    .sort()
    .flatMap((key) => composed.leases.get(key) ?? [])
    .filter((lease) => !isForgotten(lease.last.time, now, composed.world.settings))
    .map((lease) => viewOf(composed, lease, now));
  const samples = new Samples();
  const counted = views.filter((view): view is CountedView => isCounted(view.state));
  for (const home of composed.pools.values()) putHost(samples, composed, home, now);
  putRequests(samples, composed, now);
  putLeases(samples, composed, counted, now);
  putClients(samples, composed, counted, now);
  return { leases: views.map((view) => toJson(composed, view, now)), samples: samples.values };
}

class Samples {
  readonly values: Record<string, number> = {};

  put(metric: string, labels: Readonly<Record<string, string>>, value: number): void {
    this.values[sampleName(metric, labels)] = value;
  }

  add(metric: string, labels: Readonly<Record<string, string>>): void {
    const name = sampleName(metric, labels);
    this.values[name] = (this.values[name] ?? 0) + 1;
  }
}

function viewOf(composed: Composed, lease: Lease, now: number): View {
  const { settings, retired: commands } = composed.world;
  const { last } = lease;
  const times = commands.filter(({ machine }) => sameMachine(machine, last.machine)).map(({ time }) => time);
  const retiredAt = times.length === 0 ? undefined : Math.max(...times);
  const fate = {
    retired: isRetired(retiredAt, composed.lastOfMachine(last.machine)),
    superseded: isSuperseded(lease, composed.latestOf(lease)),
  };
  const state = stateOf(lease, fate, now, settings);
  const reported = reportedInterval(composed, last.host, now);
  const runStart = reported === undefined ? lease.runStart : runStartOf(composed.timesNewestFirst(lease), reported);
  return {
    lease,
    state,
    expiry: expiryOf(lease)?.time,
    retrying: isRetrying(lease, state, now, reported ?? settings.activationInterval),
    longRun: isLongRun(runStart ?? last.time, now),
    retired: fate.retired,
  };
}

function reportedInterval(composed: Composed, host: string, now: number): number | undefined {
  const own = composed.reports.filter((report) => report.host === host && report.time <= now);
  const newest = own.at(-1);
  return newest && newest.time > now - composed.world.settings.reportStaleAfter ? newest.activationInterval : undefined;
}

function putHost(samples: Samples, composed: Composed, home: HostPool, now: number): void {
  const { host, pool, requests } = home;
  const { settings, gaps } = composed.world;
  const census = [...home.presences.values()].filter((presence) => isPresent(presence, now)).length;
  const times = requests.map(({ time }) => time);
  samples.put('kms_host_last_request_timestamp_seconds', { host, pool }, times.at(-1) ?? Number.NaN);
  samples.put('kms_host_active_clients', { host, pool }, census);
  samples.put('kms_host_idle_limit_seconds', { host, pool }, idleLimit(longestGap(times, now)));
  const firstRecord = composed.requests.find((request) => request.host === host)?.time ?? Number.NaN;
  const lastGap = gaps.filter((gap) => gap.host === host).map(({ time }) => time);
  const standing = {
    census,
    reported: reportedAt(composed.points(home), now, settings.reportStaleAfter),
    spans: spans(firstRecord, lastGap.length === 0 ? undefined : Math.max(...lastGap), now),
  } satisfies Standing;
  const lasts = lastContactsUntil(home, now);
  for (const cls of pool === 'office' ? (['office'] as const) : (['client', 'server'] as const)) {
    const n = settings.thresholds[cls];
    const asked = requests.filter((request) => request.cls === cls).map(({ time }) => time);
    if (!isKnown(standing, n, isPresent(presenceOf(asked), now))) continue;
    samples.put('kms_host_threshold_margin', { host, class: cls }, marginOf(standing, n));
    home.book.watch(n, () => home.presences.values());
    const breach = breachTime(lasts[n - 1], home.book.shortSince(n, now), firstRecord);
    samples.put('kms_host_threshold_breach_timestamp_seconds', { host, class: cls }, breach);
  }
}

function presenceOf(times: readonly number[]): Presence {
  return times.reduce<Presence>((presence, time) => addContact(presence, time).presence, []);
}

/** Last contacts of the clients in the census, newest first. */
function lastContactsUntil({ requests }: HostPool, now: number): number[] {
  const lasts = new Map<string, number>();
  for (const { clientId, hresult, time } of requests) {
    if (hresult === 0 && time <= now && time > now - CENSUS_WINDOW) lasts.set(clientId, time);
  }
  return [...lasts.values()].sort((a, b) => b - a);
}

function putRequests(samples: Samples, { world, requests }: Composed, now: number): void {
  const until = requests.filter(({ time }) => time <= now);
  for (const { host, cls, hresult, time } of until) {
    if (time <= now - HOUR) continue;
    samples.add('kms_requests_last_hour', { host, class: cls, result: world.resultName(hresult) });
  }
  const day = until.filter(({ time }) => time > now - REFUSED_WINDOW);
  const named = day.map((request) => ({
    ...request,
    product: world.product(request.activationId)?.name ?? request.activationId,
  }));
  for (const group of Map.groupBy(named, ({ host, product }) => `${host} ${product}`).values()) {
    const [{ host, product } = { host: '', product: '' }] = group;
    const failed = group.filter(({ hresult }) => hresult !== 0).length;
    if (isRefused(group.length, failed)) samples.put('kms_products_refused', { host, product }, 1);
  }
}

function putLeases(samples: Samples, composed: Composed, counted: readonly CountedView[], now: number): void {
  const { settings, product } = composed.world;
  for (const [cls, views] of Map.groupBy(counted, ({ lease }) => lease.last.cls)) {
    const tally = emptyTally();
    for (const { state, expiry, lease } of views) {
      const heard = composed.timesNewestFirst(lease).find((time) => time <= now);
      countLease(tally, state, expiry, heard ?? 0, now, settings);
    }
    putTally(samples, cls, finishTally(tally));
    samples.put('kms_leases_tolerated', { class: cls }, tolerated(settings.tolerate, tally.leases));
    const ratio = stalledRatio(tally.heard, tally.stalled, now, settings);
    samples.put('kms_renewals_stalled_ratio', { class: cls }, ratio);
  }
  const ending = counted
    .flatMap(({ expiry, lease: { last } }) => (expiry !== undefined && expiry > now ? [{ expiry, last }] : []))
    .sort((a, b) => a.expiry - b.expiry);
  for (const { expiry, last } of ending.slice(0, settings.seriesLimit)) {
    const { machine: client, clientId: client_id, activationId: activation_id } = last;
    const labels = { client, client_id, activation_id, product: product(activation_id)?.name ?? activation_id };
    samples.put('kms_lease_expiry_timestamp_seconds', { ...labels, class: last.cls }, expiry);
  }
  samples.put('kms_lease_series_dropped', {}, Math.max(0, ending.length - settings.seriesLimit));
}

function putTally(samples: Samples, cls: string, tally: ClassTally): void {
  const labels = { class: cls };
  for (const [state, leases] of Object.entries(tally.states)) samples.put('kms_leases', { ...labels, state }, leases);
  for (const [index, days] of EXPIRING_WITHIN_DAYS.entries()) {
    samples.put('kms_leases_expiring', { ...labels, within: `${days}d` }, tally.expiring[index] ?? Number.NaN);
  }
  for (const limit of ['warn', 'critical', 'ended'] as const) {
    samples.put('kms_leases_beyond_limit', { ...labels, limit }, tally[limit]);
  }
  for (const [index, days] of [...AGE_DAYS.map((day) => `${day}d`), '+Inf'].entries()) {
    samples.put('kms_leases_by_age', { ...labels, max_age: days }, tally.byAge[index] ?? Number.NaN);
  }
  if (tally.nextExpiry === undefined) return;
  samples.put('kms_lease_next_expiry_timestamp_seconds', labels, tally.nextExpiry);
}

function putClients(samples: Samples, composed: Composed, counted: readonly CountedView[], now: number): void {
  const { ids, requests, world } = composed;
  samples.put('kms_clients', { kind: 'physical' }, 0);
  samples.put('kms_clients', { kind: 'virtual' }, 0);
  for (const newest of machinesOf(newestByName(counted.map(({ lease }) => lease.last)))) {
    samples.add('kms_clients', { kind: newest.virtual ? 'virtual' : 'physical' });
  }
  for (const name of machineNames(counted)) {
    const own = counted.filter(({ lease }) => sameMachine(lease.last.machine, name));
    const heard = own.flatMap(({ lease }) => composed.newestUntil(lease, now) ?? []);
    const newest = heard.sort(compareRecords).at(-1);
    if (newest !== undefined && isSkewed(newest, now)) samples.add('kms_clients_skewed', { host: newest.host });
  }
  for (const { lease, retrying, longRun } of counted) {
    const labels = { host: lease.last.host, class: lease.last.cls };
    if (retrying) samples.add('kms_clients_retrying', labels);
    if (retrying && longRun) samples.add('kms_clients_retrying_long', labels);
  }
  const clientIds = new Set(counted.map(({ lease }) => lease.clientId));
  const duplicates = [...clientIds].filter((id) => ids.get(id)?.inTurn !== undefined).length;
  samples.put('kms_duplicate_client_ids', {}, duplicates);
  const unknown = requests.filter(({ activationId }) => world.product(activationId) === undefined);
  samples.put('kms_unknown_products', {}, new Set(unknown.map(({ activationId }) => activationId)).size);
}

function machineNames(counted: readonly View[]): string[] {
  const names = [...new Set(counted.map(({ lease }) => lease.last.machine))];
  return names.filter((name) => !isBare(name) || !names.some((other) => !isBare(other) && sameMachine(name, other)));
}

function newestByName(requests: readonly LeaseRequest[]): LeaseRequest[] {
  const newest = new Map<string, LeaseRequest>();
  for (const last of requests) {
    const other = newest.get(last.machine);
    if (other === undefined || compareRecords(last, other) > 0) newest.set(last.machine, last);
  }
  return [...newest.values()];
}

function toJson({ world, ids }: Composed, view: View, now: number): ModelLease {
  const { lease, expiry } = view;
  const { last } = lease;
  return {
    client: last.machine,
    client_id: lease.clientId,
    activation_id: lease.activationId,
    product: world.product(lease.activationId)?.name ?? lease.activationId,
    class: last.cls,
    pool: last.pool ?? null,
    host: last.host,
    virtual: last.virtual,
    first_request: rfc3339(lease.first),
    last_request: rfc3339(last.time),
    last_result: world.resultName(last.hresult),
    license_status: world.statusName(last.status),
    expiry: orNull(expiry),
    expiry_basis: expiryOf(lease)?.basis ?? null,
    confirmed_expiry: orNull(lease.confirmed),
    presumed_expiry: orNull(lease.presumed),
    age_seconds: expiry === undefined ? null : ageOf(expiry, now, world.settings.validity),
    remaining_seconds: expiry === undefined ? null : expiry - now,
    state: view.state,
    retrying: view.retrying,
    duplicate: ids.get(lease.clientId)?.inTurn !== undefined,
    retired: view.retired,
  };
}

function orNull(time: number | undefined): string | null {
  return time === undefined ? null : rfc3339(time);
}
