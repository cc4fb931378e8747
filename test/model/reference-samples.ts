import type { LeaseClass, LeaseRequest, Pool } from '../../src/leases/types.ts';
import type { ReferenceLease } from './reference-lease.ts';
import { census, count, freshReport, isDuplicate, isOneMachine } from './reference-queries.ts';
import { type Samples, sampleName, type World } from './world.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const POOLS = ['windows', 'office'] as const satisfies readonly Pool[];
const CLASSES = ['client', 'server', 'office', 'unknown'] as const satisfies readonly LeaseClass[];

type Put = (metric: string, labels: Readonly<Record<string, string>>, value: number) => void;

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
  putHosts(put, world, requests, now);
  putRequests(put, world, requests, now);
  for (const cls of CLASSES) {
    const own = counted.filter((lease) => lease.last.cls === cls);
    if (own.length > 0) putClass(put, world, cls, own, now);
  }
  putSoonest(put, world, counted, now);
  putClients(put, counted, now);
  const ids = new Set(counted.map(({ last }) => last.clientId));
  put('kms_duplicate_client_ids', {}, [...ids].filter((id) => isDuplicate(requests, id)).length);
  const unknown = requests.filter(({ activationId }) => world.product(activationId) === undefined);
  put('kms_unknown_products', {}, new Set(unknown.map(({ activationId }) => activationId)).size);
  return samples;
}

function putHosts(put: Put, world: World, requests: readonly LeaseRequest[], now: number): void {
  for (const host of new Set(requests.map((request) => request.host))) {
    for (const pool of POOLS) putPool(put, requests, host, pool, now);
    for (const cls of ['client', 'server', 'office'] as const) {
      putMargin(put, world, requests, { host, cls, pool: cls === 'office' ? 'office' : 'windows' }, now);
    }
  }
}

function putPool(put: Put, requests: readonly LeaseRequest[], host: string, pool: Pool, now: number): void {
  const times = requests.filter((request) => request.host === host && request.pool === pool).map(({ time }) => time);
  const last = times.at(-1);
  if (last === undefined) return;
  put('kms_host_last_request_timestamp_seconds', { host, pool }, last);
  put('kms_host_active_clients', { host, pool }, census(requests, host, pool, now));
  const gaps = times.flatMap((time, index) => {
    const before = times[index - 1];
    return before !== undefined && time > now - 30 * DAY && time <= now ? [time - before] : [];
  });
  put('kms_host_idle_limit_seconds', { host, pool }, Math.max(72 * HOUR, 4 * Math.max(0, ...gaps)));
}

function putMargin(
  put: Put,
  world: World,
  requests: readonly LeaseRequest[],
  { host, cls, pool }: { host: string; cls: 'client' | 'server' | 'office'; pool: Pool },
  now: number,
): void {
  const n = world.settings.thresholds[cls];
  const atHost = requests.filter((request) => request.host === host);
  const first = atHost[0]?.time ?? Number.NaN;
  const asked = atHost.some(({ cls: other, time }) => other === cls && time > now - 30 * DAY && time <= now);
  const gap = world.gaps.some((one) => one.host === host && one.time > now - 30 * DAY);
  const spans = first <= now - 30 * DAY && !gap;
  const enough = census(requests, host, pool, now) >= n;
  if (!asked || !(freshReport(world, host, now) !== undefined || enough || spans)) return;
  put('kms_host_threshold_margin', { host, class: cls }, count(world, requests, host, pool, now) - n);

  const contacts = atHost.filter(
    ({ pool: other, hresult, time }) => other === pool && hresult === 0 && time > now - 30 * DAY && time <= now,
  );
  const lasts = new Map<string, number>();
  for (const { clientId, time } of contacts) lasts.set(clientId, time);
  const nth = [...lasts.values()].sort((a, b) => b - a)[n - 1];
  put(
    'kms_host_threshold_breach_timestamp_seconds',
    { host, class: cls },
    nth === undefined ? fellBelow(requests, host, pool, n, now) : nth + 30 * DAY,
  );
}

/** The latest moment at which a contact's 30 days were over and that took the census below n; else the first record's. */
function fellBelow(requests: readonly LeaseRequest[], host: string, pool: Pool, n: number, now: number): number {
  const atHost = requests.filter((request) => request.host === host);
  const moments = atHost
    .map(({ time }) => time + 30 * DAY)
    .filter((time) => time <= now && census(requests, host, pool, time) < n)
    .filter((time) => census(requests, host, pool, time - 1) >= n);
  return moments.length === 0 ? (atHost[0]?.time ?? Number.NaN) : Math.max(...moments);
}

function putRequests(put: Put, world: World, requests: readonly LeaseRequest[], now: number): void {
  const hour = requests.filter(({ time }) => time > now - HOUR && time <= now);
  for (const { host, cls, hresult } of hour) {
    const alike = hour.filter((other) => other.host === host && other.cls === cls);
    const result = world.resultName(hresult);
    const value = alike.filter((other) => world.resultName(other.hresult) === result).length;
    put('kms_requests_last_hour', { host, class: cls, result }, value);
  }
  const name = (id: string) => world.product(id)?.name ?? id;
  const day = requests.filter(({ time }) => time > now - DAY && time <= now);
  for (const { host, activationId } of day) {
    const product = name(activationId);
    const alike = day.filter((other) => other.host === host && name(other.activationId) === product);
    if (alike.length >= 2 && alike.every(({ hresult }) => hresult !== 0))
      put('kms_products_refused', { host, product }, 1);
  }
}

function putClass(put: Put, world: World, cls: LeaseClass, leases: readonly ReferenceLease[], now: number): void {
  const { settings } = world;
  const labels = { class: cls };
  const number = (of: (lease: ReferenceLease) => boolean) => leases.filter(of).length;
  for (const state of ['unactivated', 'expired', 'expiring', 'renewal_failing', 'renewal_overdue', 'valid']) {
    put(
      'kms_leases',
      { ...labels, state },
      number((lease) => lease.state === state),
    );
  }
  const ending = (within: number) =>
    number(({ remaining }) => remaining !== undefined && remaining > 0 && remaining <= within);
  for (const days of [7, 14, 30, 60, 90]) {
    put('kms_leases_expiring', { ...labels, within: `${days}d` }, ending(days * DAY));
  }
  put('kms_leases_beyond_limit', { ...labels, limit: 'warn' }, ending(settings.warn));
  put('kms_leases_beyond_limit', { ...labels, limit: 'critical' }, ending(settings.critical));
  const ended = number(({ expiry }) => expiry !== undefined && expiry <= now && expiry > now - 30 * DAY);
  put('kms_leases_beyond_limit', { ...labels, limit: 'ended' }, ended);
  const share = 'share' in settings.tolerate ? Math.round(settings.tolerate.share * 1e6) : undefined;
  const allowed = 'count' in settings.tolerate ? settings.tolerate.count : 0;
  const tolerated = share === undefined ? allowed : Math.floor((share * leases.length) / 1e6);
  put('kms_leases_tolerated', labels, Math.max(1, tolerated));
  const limit = 2 * settings.renewalInterval;
  const within = (requests: readonly LeaseRequest[], seconds: number) =>
    requests.some(({ time }) => time > now - seconds && time <= now);
  const heard = leases.filter(({ requests }) => within(requests, 30 * DAY + limit));
  const silent = heard.filter(({ requests }) => !within(requests, limit + 1));
  const quiet = settings.quietPeriods.some(({ from, until }) => now >= from && now < until);
  put('kms_renewals_stalled_ratio', labels, quiet || heard.length === 0 ? 0 : silent.length / heard.length);
  for (const days of [1, 7, 14, 30, 60, 90, 120, 150, 166, 173, 180]) {
    const young = number(({ age }) => age !== undefined && age <= days * DAY);
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
  for (const name of machines(counted.map(({ last }) => last))) {
    const own = counted.filter(({ last }) => isOneMachine(last.machine, name));
    add('kms_clients', { kind: newestOf(own.map(({ last }) => last))?.virtual ? 'virtual' : 'physical' });
    const heard = own.flatMap(({ requests }) => requests.filter(({ time }) => time <= now).slice(-1));
    const newest = newestOf(heard);
    if (newest?.clientTime === undefined || newest.time <= now - 7 * DAY) continue;
    if (Math.abs(newest.clientTime - newest.time) > 240 * MINUTE) add('kms_clients_skewed', { host: newest.host });
  }
  for (const { last, retrying, runStart } of counted) {
    if (!retrying) continue;
    add('kms_clients_retrying', { host: last.host, class: last.cls });
    if (now - runStart > 24 * HOUR) add('kms_clients_retrying_long', { host: last.host, class: last.cls });
  }
}

/** The machines behind some requests: an FQDN with the bare names for it is one, and so is a bare name for none. */
function machines(requests: readonly LeaseRequest[]): string[] {
  const names = [...new Set(requests.map(({ machine }) => machine))];
  const full = names.filter((name) => name.includes('.'));
  const alone = names.filter((name) => !name.includes('.') && !full.some((other) => isOneMachine(name, other)));
  return [...full, ...alone];
}

function newestOf(requests: readonly LeaseRequest[]): LeaseRequest | undefined {
  return requests.reduce<LeaseRequest | undefined>((a, b) => (a === undefined || isLater(b, a) ? b : a), undefined);
}

function isLater(a: LeaseRequest, b: LeaseRequest): boolean {
  if (a.time !== b.time) return a.time > b.time;
  if (a.host !== b.host) return a.host > b.host;
  return a.log === b.log ? a.recordId > b.recordId : a.log > b.log;
}
