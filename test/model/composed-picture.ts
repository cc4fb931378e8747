import { HOUR_S } from '../../src/kernel/time.ts';
import { CENSUS_WINDOW, isInCensus } from '../../src/leases/census-window.ts';
import { countOf, disagrees, isKnown } from '../../src/leases/count.ts';
import { type CountRules, countAt } from '../../src/leases/count-at.ts';
import { BY_NAME, isDuplicate, isSharedAt } from '../../src/leases/duplicates.ts';
import { ageOf, expiryOf } from '../../src/leases/expiry.ts';
import { failedRatio } from '../../src/leases/failing.ts';
import { idleLimit, longestGap } from '../../src/leases/idle.ts';
import { sameMachine } from '../../src/leases/machines.ts';
import { belowSince, breachOf, breachTime } from '../../src/leases/margin.ts';
import { compareRecords } from '../../src/leases/order.ts';
import { isRefused, REFUSED_WINDOW } from '../../src/leases/refused.ts';
import { type CountReport, ownNumber } from '../../src/leases/reported.ts';
import { isLongRun, isRetrying, runStartOf } from '../../src/leases/retrying.ts';
import { MANY_CLIENTS, type Serving, serves } from '../../src/leases/serving.ts';
import { isClockOff, isSkewed } from '../../src/leases/skew.ts';
import { isHeard, isQuiet, isSilent, stalledRatio } from '../../src/leases/stalled.ts';
import { isCounted, isForgotten, isRetired, stateOf } from '../../src/leases/state.ts';
import { isSuperseded } from '../../src/leases/superseded.ts';
import { AGE_DAYS, type ClassTally, EXPIRING_WITHIN_DAYS, LeaseTally } from '../../src/leases/tally.ts';
import { tolerated } from '../../src/leases/tolerated.ts';
import {
  COUNTED_STATES,
  type CountedState,
  type Lease,
  type LeaseRequest,
  type LeaseState,
  type ThresholdClass,
} from '../../src/leases/types.ts';
import { CLASSES } from '../../src/store/database/numbering.ts';
import type { Composed, ComposedLease, HostPool } from './composed.ts';
import { type ModelLease, type Picture, rfc3339, sampleName } from './world.ts';

interface View {
  readonly lease: Lease;
  readonly requests: readonly LeaseRequest[];
  readonly state: LeaseState;
  readonly expiry: number | undefined;
  readonly retrying: boolean;
  readonly longRun: boolean;
  readonly retired: boolean;
}

type CountedView = View & { readonly state: CountedState };

/** The results of the composed functions for everything that has arrived, at a moment. */
export function composedPicture(composed: Composed, now: number): Picture {
  const views = composed.leases
    .filter(({ lease }) => !isForgotten(lease.last.time, composed.isEphemeral(lease), now, composed.world.settings))
    .map((lease) => viewOf(composed, lease, now));
  const samples = new Samples();
  const counted = views.filter((view): view is CountedView => isCounted(view.state));
  for (const home of composed.pools) putHost(samples, composed, home, counted, now);
  for (const { host, pool, time } of composed.requests) {
    if (pool === undefined) samples.put('kms_host_last_request_timestamp_seconds', { host, pool: 'none' }, time);
  }
  putRequests(samples, composed, now);
  const lasting = counted.filter(({ lease }) => !composed.isEphemeral(lease));
  putLeases(samples, composed, lasting, now);
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

function viewOf(composed: Composed, { lease, requests }: ComposedLease, now: number): View {
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
  const timesNewestFirst = requests.map(({ time }) => time).reverse();
  const runStart = reported === undefined ? lease.runStart : runStartOf(timesNewestFirst, reported);
  return {
    lease,
    requests,
    state,
    expiry: expiryOf(lease)?.time,
    retrying: isRetrying(lease, state, now, reported ?? settings.activationInterval),
    longRun: isLongRun(runStart ?? last.time, now),
    retired: fate.retired,
  };
}

function reportedInterval({ world }: Composed, host: string, now: number): number | undefined {
  const own = world.reports.filter((report) => report.host === host && report.time <= now);
  const newest = own.toSorted((a, b) => a.time - b.time).at(-1);
  return newest && newest.time > now - world.settings.reportStaleAfter ? newest.activationInterval : undefined;
}

function putHost(
  samples: Samples,
  composed: Composed,
  home: HostPool,
  counted: readonly CountedView[],
  now: number,
): void {
  const { host, pool, requests } = home;
  const { settings } = composed.world;
  const facts = countAt(home, composed.rules, now);
  const times = requests.map(({ time }) => time);
  if (facts.own?.exact === true && !facts.own.isHeld)
    samples.put('kms_host_count_disagrees', { host, pool }, Number(disagrees(facts)));
  if (times.length > 0) {
    samples.put('kms_host_last_request_timestamp_seconds', { host, pool }, times.at(-1) ?? Number.NaN);
    samples.put('kms_host_active_clients', { host, pool }, facts.census);
    samples.put('kms_host_idle_limit_seconds', { host, pool }, idleLimit(longestGap(times, now)));
  }
  const firstRecord = composed.requests.find((request) => request.host === host)?.time;
  for (const cls of pool === 'office' ? (['office'] as const) : (['client', 'server'] as const)) {
    const n = settings.thresholds[cls];
    if (!isKnown(facts, n) || !serves(servingOf(composed, home, counted, cls, now), cls)) continue;
    samples.put('kms_host_threshold_margin', { host, class: cls }, countOf(facts) - n);
    const breach = breachOf(facts, n, {
      reportsBelowSince: () =>
        belowSince(
          home.reports.filter(({ time }) => time <= now).reverse(),
          (report) => numberOf(home, composed.rules, report),
          n,
        ),
      censusBelowAt: () => breachTime(lastContactsUntil(home, now)[n - 1], home.book.shortSince(n, now), firstRecord),
    });
    if (breach !== undefined) samples.put('kms_host_threshold_breach_timestamp_seconds', { host, class: cls }, breach);
  }
}

function servingOf(
  { world, rules, requests }: Composed,
  home: HostPool,
  counted: readonly CountedView[],
  cls: ThresholdClass,
  now: number,
): Serving {
  const { host } = home;
  const atHost = requests.filter((request) => request.host === host);
  const askers = atHost.filter((request) => request.cls === cls && isInCensus(request.time, now));
  const report = home.report(now);
  const isFresh = report !== undefined && report.time > now - rules.staleAfter;
  const month = home.reports.filter(({ time }) => isInCensus(time, now));
  return {
    configured: world.settings.serves[host],
    clients: new Set(askers.map(({ clientId }) => clientId)).size,
    hasLease: counted.some(({ lease: { last }, expiry = 0 }) => last.host === host && last.cls === cls && expiry > now),
    hasRecords: atHost.some(({ time }) => time > now - CENSUS_WINDOW),
    keyClasses: isFresh ? report.keys.flatMap(({ key }) => world.keyClasses(key)) : [],
    hadMany: () => month.some((one) => (numberOf(home, rules, one) ?? 0) > MANY_CLIENTS),
  };
}

function numberOf(home: HostPool, { covers }: CountRules, report: CountReport): number | undefined {
  return ownNumber(report, home.pool, covers, () => home.asked(report.time));
}

/** Last contacts of the clients in the census, newest first. */
function lastContactsUntil({ requests }: HostPool, now: number): number[] {
  const lasts = new Map<string, number>();
  for (const { clientId, hresult, time } of requests) {
    if (hresult === 0 && isInCensus(time, now)) lasts.set(clientId, time);
  }
  return [...lasts.values()].sort((a, b) => b - a);
}

function putRequests(samples: Samples, { world, requests }: Composed, now: number): void {
  const until = requests.filter(({ time }) => time <= now);
  for (const { host, cls, hresult, time } of until) {
    if (time <= now - HOUR_S) continue;
    samples.add('kms_requests_last_hour', { host, class: cls, result: world.resultName(hresult) });
  }
  const refused = putRefused(samples, world, until, now);
  const hour = until.filter(({ time }) => time > now - HOUR_S);
  const known = hour.filter(({ host, activationId }) => !refused.has(`${host} ${activationId}`));
  for (const [key, own] of Map.groupBy(known, ({ host, pool = 'none' }) => `${host} ${pool}`)) {
    const [host = '', pool = ''] = key.split(' ');
    const failed = own.filter(({ hresult }) => hresult !== 0);
    const ratio = failedRatio(own.length, failed.length);
    if (ratio === undefined) continue;
    samples.put('kms_requests_failed_ratio', { host, pool }, ratio);
    if (failed.every(({ hresult }) => hresult === 0xc004f06c)) {
      samples.put('kms_requests_failed_skewed', { host, pool }, 1);
    }
  }
}

/** @returns the products that hosts refuse */
function putRefused(
  samples: Samples,
  world: Composed['world'],
  until: readonly LeaseRequest[],
  now: number,
): ReadonlySet<string> {
  const day = until.filter(({ time }) => time > now - REFUSED_WINDOW);
  const groups = Map.groupBy(day, ({ host, activationId }) => `${host} ${activationId}`);
  const refused = [...groups].filter(([, own]) => isRefused(own));
  for (const [key, own] of refused) {
    const [host = '', activationId = ''] = key.split(' ');
    const last = Math.max(...own.map(({ time }) => time));
    const classes = own.filter(({ time }) => time === last).map(({ cls }) => CLASSES.indexOf(cls));
    const cls = CLASSES[Math.max(...classes)] ?? 'unknown';
    samples.put(
      'kms_products_refused',
      { host, class: cls, product: world.product(activationId)?.name ?? activationId },
      1,
    );
  }
  return new Set(refused.map(([key]) => key));
}

function putLeases(samples: Samples, composed: Composed, counted: readonly CountedView[], now: number): void {
  const { settings, product } = composed.world;
  for (const [cls, views] of Map.groupBy(counted, ({ lease }) => lease.last.cls)) {
    const counter = new LeaseTally(now, settings);
    for (const { state, expiry } of views) counter.add(COUNTED_STATES.indexOf(state), expiry ?? 0);
    const tally = counter.counted();
    putTally(samples, cls, tally);
    samples.put('kms_leases_tolerated', { class: cls }, tolerated(settings.tolerate, tally.leases));
    const ratio = stalledRatio(renewalsOf(composed, views, now), isQuiet(now, settings.quietPeriods));
    if (ratio !== undefined) samples.put('kms_renewals_stalled_ratio', { class: cls }, ratio);
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

function renewalsOf({ world }: Composed, views: readonly CountedView[], now: number) {
  const lastOf = ({ requests }: CountedView) => requests.findLast(({ time }) => time <= now)?.time ?? 0;
  const newest = Math.max(...views.map(lastOf));
  const heard = views
    .filter(({ lease, expiry = 0 }) => expiry > now && !world.unread.includes(lease.last.host))
    .map(lastOf)
    // One whose only requests are of the future has not been heard from.
    .filter((last) => last > 0 && isHeard(last, newest, world.settings));
  return { heard: heard.length, stalled: heard.filter((last) => isSilent(last, now, world.settings)).length };
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
  const { sharings, requests, world } = composed;
  samples.put('kms_clients', { kind: 'physical' }, 0);
  samples.put('kms_clients', { kind: 'virtual' }, 0);
  for (const own of Map.groupBy(counted, ({ lease }) => lease.last.machine).values()) {
    const newest = own
      .map(({ lease }) => lease.last)
      .sort(compareRecords)
      .at(-1);
    samples.add('kms_clients', { kind: newest?.virtual === true ? 'virtual' : 'physical' });
    const heard = own.flatMap((view) => view.requests.findLast(({ time }) => time <= now) ?? []);
    const told = heard.sort(compareRecords).at(-1);
    if (told !== undefined && isSkewed(told, now)) samples.add('kms_clients_skewed', { host: told.host });
  }
  for (const { lease, retrying, longRun } of counted) {
    const labels = { host: lease.last.host, class: lease.last.cls };
    if (retrying) samples.add('kms_clients_retrying', labels);
    if (retrying && longRun) samples.add('kms_clients_retrying_long', labels);
    if (retrying && longRun && isClockOff(lease.last)) samples.add('kms_clients_retrying_skewed', labels);
  }
  const shared = counted.filter(({ lease }) => isSharedAt(sharings.get(lease.clientId), now));
  samples.put('kms_duplicate_client_ids', {}, new Set(shared.map(({ lease }) => lease.clientId)).size);
  samples.put('kms_duplicate_machines', {}, new Set(shared.map(({ lease }) => lease.last.machine)).size);
  const unknown = requests.filter(({ activationId }) => world.product(activationId) === undefined);
  samples.put('kms_unknown_products', {}, new Set(unknown.map(({ activationId }) => activationId)).size);
}

function toJson({ world, sharings }: Composed, view: View, now: number): ModelLease {
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
    duplicate: isDuplicate(sharings.get(lease.clientId) ?? BY_NAME),
    retired: view.retired,
  };
}

function orNull(time: number | undefined): string | null {
  return time === undefined ? null : rfc3339(time);
}
