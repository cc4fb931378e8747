import { DAY_S, HOUR_S, MINUTE_S } from '../../src/kernel/time.ts';
import type { LeaseClass, LeaseRequest } from '../../src/leases/types.ts';
import { putHosts } from './reference-hosts.ts';
import type { ReferenceLease } from './reference-lease.ts';
import { isEphemeral, showingDuplicate } from './reference-queries.ts';
import { type Put, type Samples, sampleName, type World } from './world.ts';

const CLASSES = ['client', 'server', 'office', 'unknown'] as const satisfies readonly LeaseClass[];

/**
 * The metrics that derive from records. For leases, each class with a counted lease has all its series. For
 * hosts, refusals, retries and skews, only values other than 0 are present.
 */
export function referenceSamples(
  world: World,
  requests: readonly LeaseRequest[],
  leases: readonly ReferenceLease[],
  now: number,
): Samples {
  const samples: Record<string, number> = {};
  const put: Put = (metric, labels, value) => {
    samples[sampleName(metric, labels)] = value;
  };
  const counted = leases.filter((lease) => lease.counted);
  const lasting = counted.filter(({ last }) => !isEphemeral(world, last.machine));
  putHosts(put, world, requests, counted, now);
  putRequests(put, world, requests, now);
  for (const cls of CLASSES) {
    const own = lasting.filter((lease) => lease.last.cls === cls);
    if (own.length > 0) putClass(put, world, cls, own, now);
  }
  putSoonest(put, world, lasting, now);
  putClients(put, counted, now);
  const shared = counted.filter(({ last }) =>
    showingDuplicate(world, requests, last.clientId).some(({ time }) => time > now - 30 * DAY_S),
  );
  put('kms_duplicate_client_ids', {}, new Set(shared.map(({ last }) => last.clientId)).size);
  put('kms_duplicate_machines', {}, new Set(shared.map(({ last }) => last.machine)).size);
  const unknown = requests.filter(({ activationId }) => world.product(activationId) === undefined);
  put('kms_unknown_products', {}, new Set(unknown.map(({ activationId }) => activationId)).size);
  return samples;
}

function putRequests(put: Put, world: World, requests: readonly LeaseRequest[], now: number): void {
  const hour = requests.filter(({ time }) => time > now - HOUR_S && time <= now);
  for (const { host, cls, hresult } of hour) {
    const alike = hour.filter((other) => other.host === host && other.cls === cls);
    const result = world.resultName(hresult);
    const value = alike.filter((other) => world.resultName(other.hresult) === result).length;
    put('kms_requests_last_hour', { host, class: cls, result }, value);
  }
  const refused = putRefused(put, world, requests, now);
  const known = hour.filter(({ host, activationId }) => !refused.has(`${host} ${activationId}`));
  for (const { host, pool } of known) {
    const alike = known.filter((other) => other.host === host && other.pool === pool);
    const failed = alike.filter(({ hresult }) => hresult !== 0);
    if (failed.length < 5) continue;
    put('kms_requests_failed_ratio', { host, pool: pool ?? 'none' }, failed.length / alike.length);
    const isClock = failed.every(({ hresult }) => hresult === 0xc004f06c);
    if (isClock) put('kms_requests_failed_skewed', { host, pool: pool ?? 'none' }, 1);
  }
}

/** @returns the products that hosts refuse */
function putRefused(put: Put, world: World, requests: readonly LeaseRequest[], now: number): ReadonlySet<string> {
  const notCovered = 0xc004f042;
  const day = requests.filter(({ time }) => time > now - DAY_S && time <= now);
  const refused = new Set<string>();
  for (const { host, activationId } of day) {
    const alike = day.filter((other) => other.host === host && other.activationId === activationId);
    const clients = [...new Set(alike.map(({ clientId }) => clientId))].filter((clientId) =>
      alike.every((one) => one.clientId !== clientId || one.hresult === notCovered),
    );
    const isAll = alike.length >= 2 && alike.every(({ hresult }) => hresult === notCovered);
    if (!isAll && clients.length < 2) continue;
    refused.add(`${host} ${activationId}`);
    const product = world.product(activationId)?.name ?? activationId;
    const newest = alike.filter(({ time }) => alike.every((other) => other.time <= time));
    const classes = ['client', 'server', 'office', 'unknown'] as const;
    const cls = classes.findLast((one) => newest.some((request) => request.cls === one)) ?? 'unknown';
    put('kms_products_refused', { host, class: cls, product }, 1);
  }
  return refused;
}

function putClass(put: Put, world: World, cls: LeaseClass, leases: readonly ReferenceLease[], now: number): void {
  const { settings } = world;
  const labels = { class: cls };
  const number = (of: (lease: ReferenceLease) => boolean) => leases.filter(of).length;
  for (const state of [
    'other_license',
    'unactivated',
    'expired',
    'expiring',
    'renewal_failing',
    'renewal_overdue',
    'valid',
  ]) {
    put(
      'kms_leases',
      { ...labels, state },
      number((lease) => lease.state === state),
    );
  }
  const ending = (within: number) =>
    number(({ remaining }) => remaining !== undefined && remaining > 0 && remaining <= within);
  for (const days of [7, 14, 30, 60, 90]) {
    put('kms_leases_expiring', { ...labels, within: `${days}d` }, ending(days * DAY_S));
  }
  put('kms_leases_beyond_limit', { ...labels, limit: 'warn' }, ending(settings.warn));
  put('kms_leases_beyond_limit', { ...labels, limit: 'critical' }, ending(settings.critical));
  const ended = number(({ expiry }) => expiry !== undefined && expiry <= now && expiry > now - 30 * DAY_S);
  put('kms_leases_beyond_limit', { ...labels, limit: 'ended' }, ended);
  const share = 'share' in settings.tolerate ? Math.round(settings.tolerate.share * 1e6) : undefined;
  const allowed = 'count' in settings.tolerate ? settings.tolerate.count : 0;
  const tolerated = share === undefined ? allowed : Math.floor((share * leases.length) / 1e6);
  put('kms_leases_tolerated', labels, Math.max(1, tolerated));
  putStalled(put, world, cls, leases, now);
  for (const days of [1, 7, 14, 30, 60, 90, 120, 150, 166, 173, 180]) {
    const young = number(({ age }) => age !== undefined && age <= days * DAY_S);
    put('kms_leases_by_age', { ...labels, max_age: `${days}d` }, young);
  }
  put(
    'kms_leases_by_age',
    { ...labels, max_age: '+Inf' },
    number(({ age }) => age !== undefined),
  );
  const ends = leases.flatMap(({ expiry }) => (expiry !== undefined && expiry > now ? [expiry] : []));
  if (ends.length > 0) put('kms_lease_next_expiry_timestamp_seconds', labels, Math.min(...ends));
}

/** Of the unexpired leases heard from in the 44 days before the class's newest request, those silent for 14 days now. */
function putStalled(put: Put, world: World, cls: LeaseClass, leases: readonly ReferenceLease[], now: number): void {
  const { settings, unread } = world;
  const limit = 2 * settings.renewalInterval;
  const past = leases.map((lease) => ({
    ...lease,
    times: lease.requests.map(({ time }) => time).filter((time) => time <= now),
  }));
  const newest = Math.max(...past.flatMap(({ times }) => times));
  const heard = past
    .filter(({ remaining, last }) => remaining !== undefined && remaining > 0 && !unread.includes(last.host))
    .filter(({ times }) => times.some((time) => time > newest - 30 * DAY_S - limit));
  if (heard.length < 5) return;
  const silent = heard.filter(({ times }) => !times.some((time) => time >= now - limit));
  const quiet = settings.quietPeriods.some(({ from, until }) => now >= from && now < until);
  put('kms_renewals_stalled_ratio', { class: cls }, quiet ? 0 : silent.length / heard.length);
}

function putSoonest(put: Put, world: World, counted: readonly ReferenceLease[], now: number): void {
  const ending = counted
    .flatMap(({ expiry, last }) => (expiry !== undefined && expiry > now ? [{ expiry, last }] : []))
    .sort((a, b) => a.expiry - b.expiry);
  for (const { expiry, last } of ending.slice(0, world.settings.seriesLimit)) {
    const product = world.product(last.activationId)?.name ?? last.activationId;
    const labels = { client_id: last.clientId, activation_id: last.activationId, class: last.cls };
    put('kms_lease_expiry_timestamp_seconds', { client: last.machine, product, ...labels }, expiry);
  }
  put('kms_lease_series_dropped', {}, Math.max(0, ending.length - world.settings.seriesLimit));
}

function putClients(put: Put, counted: readonly ReferenceLease[], now: number): void {
  const sums: Record<string, number> = {};
  const add = (metric: string, labels: Record<string, string>) => {
    const key = sampleName(metric, labels);
    sums[key] = (sums[key] ?? 0) + 1;
    put(metric, labels, sums[key]);
  };
  put('kms_clients', { kind: 'physical' }, 0);
  put('kms_clients', { kind: 'virtual' }, 0);
  for (const own of Map.groupBy(counted, ({ last }) => last.machine).values()) {
    add('kms_clients', { kind: newestOf(own.map(({ last }) => last))?.virtual ? 'virtual' : 'physical' });
    const heard = own.flatMap(({ requests }) => requests.filter(({ time }) => time <= now).slice(-1));
    const newest = newestOf(heard);
    if (newest === undefined || newest.time <= now - 7 * DAY_S) continue;
    if (isClockOff(newest)) add('kms_clients_skewed', { host: newest.host });
  }
  for (const { last, retrying, runStart } of counted) {
    if (!retrying) continue;
    const labels = { host: last.host, class: last.cls };
    add('kms_clients_retrying', labels);
    if (now - runStart <= 24 * HOUR_S) continue;
    add('kms_clients_retrying_long', labels);
    if (isClockOff(last)) add('kms_clients_retrying_skewed', labels);
  }
}

function isClockOff({ time, clientTime = time }: LeaseRequest): boolean {
  return Math.abs(clientTime - time) > 240 * MINUTE_S;
}

function newestOf(requests: readonly LeaseRequest[]): LeaseRequest | undefined {
  return requests.reduce<LeaseRequest | undefined>((a, b) => (a === undefined || isLater(b, a) ? b : a), undefined);
}

function isLater(a: LeaseRequest, b: LeaseRequest): boolean {
  if (a.time !== b.time) return a.time > b.time;
  if (a.host !== b.host) return a.host > b.host;
  return a.log === b.log ? a.recordId > b.recordId : a.log > b.log;
}
