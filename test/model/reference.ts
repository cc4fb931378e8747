/**
 * The lease rules once more: slow, obvious, and sharing nothing with src/leases but its types. Every number is found by
 * looking at all records again.
 */
import { DAY_S } from '../../src/kernel/time.ts';
import type { LeaseClass, LeaseRequest, Pool } from '../../src/leases/types.ts';
import { census, freshReport } from './reference-counts.ts';
import { type Fold, foldAll } from './reference-fold.ts';
import type { ReferenceLease } from './reference-lease.ts';
import { isDuplicate, isEphemeral, isOneMachine, orderedRequests } from './reference-queries.ts';
import { referenceSamples } from './reference-samples.ts';
import { type ModelLease, type Picture, rfc3339, type World } from './world.ts';

/** The leases and samples of a world at a moment. */
export function reference(world: World, now: number): Picture {
  const requests = orderedRequests(world);
  const leases = allLeases(world, requests, now);
  return {
    leases: leases.map((lease) => toJson(world, lease)),
    samples: referenceSamples(world, requests, leases, now),
  };
}

/** The days ahead of a host and class, if nobody makes contact again. */
export interface ModelForecast {
  readonly host: string;
  readonly cls: LeaseClass;
  readonly pool: Pool | null;
  readonly census: readonly number[] | null;
  readonly ends: readonly number[];
}

/** By host and class; those of which there is nothing to tell are left out. */
export function referenceForecast(world: World, now: number, days: number): ModelForecast[] {
  const requests = orderedRequests(world);
  const counted = allLeases(world, requests, now).filter((lease) => lease.counted);
  const hosts = [...new Set(requests.map(({ host }) => host))].sort();
  const ahead = Array.from({ length: days + 1 }, (_, day) => now + day * DAY_S);
  return hosts.flatMap((host) =>
    (['client', 'office', 'server', 'unknown'] as const).flatMap((cls): ModelForecast[] => {
      const pool = cls === 'unknown' ? null : cls === 'office' ? cls : 'windows';
      const clients = pool === null ? null : ahead.map((time) => census(requests, { host, pool }, time).size);
      const own = counted.filter(({ last }) => last.host === host && last.cls === cls);
      const ends = ahead
        .slice(1)
        .map((day) => own.filter(({ expiry = 0 }) => expiry > day - DAY_S && expiry <= day).length);
      const asked = requests.some(
        (one) => one.host === host && one.cls === cls && one.time <= now && one.time > now - 30 * DAY_S,
      );
      const isEmpty = (numbers: readonly number[] | null) => numbers === null || numbers.every((one) => one === 0);
      return isEmpty(ends) && (!asked || isEmpty(clients)) ? [] : [{ host, cls, pool, census: clients, ends }];
    }),
  );
}

function allLeases(world: World, requests: readonly LeaseRequest[], now: number): ReferenceLease[] {
  const shared = new Set(requests.map(({ clientId }) => clientId).filter((id) => isDuplicate(world, requests, id)));
  // Each name of non-persistent desktops has a lease, though they are no duplicates.
  for (const { clientId, machine } of requests) if (isEphemeral(world, machine)) shared.add(clientId);
  const groups = Map.groupBy(requests, ({ clientId, activationId, machine }) =>
    shared.has(clientId) ? `${clientId} ${activationId} ${machine}` : `${clientId} ${activationId}`,
  );
  return [...groups.keys()]
    .sort()
    .map((key) => oneLease(world, requests, groups.get(key) ?? [], now))
    .filter(({ last }) => now - last.time <= world.settings.forgetAfter)
    .filter(({ last }) => !isEphemeral(world, last.machine) || now - last.time <= 30 * DAY_S);
}

function oneLease(
  world: World,
  requests: readonly LeaseRequest[],
  own: readonly LeaseRequest[],
  now: number,
): ReferenceLease {
  const last = own.at(-1);
  if (last === undefined) throw new Error('a lease without a request');
  const fold = foldAll(world, requests, own);
  const otherLicense = own.slice(-3).every(({ status, minutes }) => status === 1 && (minutes < 1 || minutes > 259_200));
  const { expiry, basis } = otherLicense ? { expiry: undefined, basis: null } : expiryOf(fold);
  const remaining = expiry === undefined ? undefined : expiry - now;
  const age = remaining === undefined ? undefined : Math.max(0, world.settings.validity - remaining);
  const retired = isRetired(world, requests, last.machine);
  const superseded = isSuperseded(requests, own, last);
  const live = otherLicense ? 'other_license' : liveState(world, fold, remaining, age);
  const state = retired ? 'retired' : superseded ? 'superseded' : live;
  return {
    ...fold,
    ...retryOf(world, own, last, state, now),
    requests: own,
    last,
    expiry,
    basis,
    remaining,
    age,
    state,
    retired,
    duplicate: isDuplicate(world, requests, last.clientId),
    counted: !retired && !superseded,
  };
}

function expiryOf({ confirmed, presumed }: Fold): Pick<ReferenceLease, 'expiry' | 'basis'> {
  if (confirmed === undefined && presumed === undefined) return { expiry: undefined, basis: null };
  const expiry = Math.max(confirmed ?? 0, presumed ?? 0);
  return { expiry, basis: expiry === presumed ? 'presumed' : 'confirmed' };
}

function liveState({ settings }: World, fold: Fold, remaining: number | undefined, age: number | undefined): string {
  if (remaining === undefined || age === undefined) return 'unactivated';
  if (remaining <= 0) return 'expired';
  if (remaining <= settings.warn) return 'expiring';
  if (fold.doubt) return 'renewal_failing';
  return age > 2 * settings.renewalInterval ? 'renewal_overdue' : 'valid';
}

function retryOf(
  world: World,
  own: readonly LeaseRequest[],
  last: LeaseRequest,
  state: string,
  now: number,
): Pick<ReferenceLease, 'retrying' | 'runStart'> {
  const limit = 2 * (freshReport(world, last.host, now)?.activationInterval ?? world.settings.activationInterval);
  let runStart = last.time;
  for (const { time } of own.toReversed()) {
    if (runStart - time > limit) break;
    runStart = time;
  }
  const previous = own.at(-2);
  const wanting = state === 'unactivated' || state === 'renewal_failing' || last.hresult !== 0;
  const close = previous !== undefined && last.time - previous.time <= limit;
  return { retrying: wanting && close && now - last.time <= DAY_S, runStart };
}

function isRetired(world: World, requests: readonly LeaseRequest[], machine: string): boolean {
  return world.retired.some(
    (command) =>
      isOneMachine(command.machine, machine) &&
      !requests.some((request) => request.machine === machine && request.time > command.time),
  );
}

function isSuperseded(requests: readonly LeaseRequest[], own: readonly LeaseRequest[], last: LeaseRequest): boolean {
  const windows = (cls: LeaseClass) => cls === 'client' || cls === 'server';
  const later = requests.slice(requests.indexOf(last) + 1);
  return later.some((request) => {
    if (own.includes(request) || request.machine !== last.machine) return false;
    if (windows(last.cls)) return windows(request.cls);
    return request.cls === last.cls && request.time - last.time > 30 * DAY_S;
  });
}

function toJson(world: World, lease: ReferenceLease): ModelLease {
  const { last } = lease;
  const time = (value: number | undefined) => (value === undefined ? null : rfc3339(value));
  return {
    client: last.machine,
    client_id: last.clientId,
    activation_id: last.activationId,
    product: world.product(last.activationId)?.name ?? last.activationId,
    class: last.cls,
    pool: last.pool ?? null,
    host: last.host,
    virtual: last.virtual,
    first_request: rfc3339(lease.requests[0]?.time ?? Number.NaN),
    last_request: rfc3339(last.time),
    last_result: world.resultName(last.hresult),
    license_status: world.statusName(last.status),
    expiry: time(lease.expiry),
    expiry_basis: lease.basis,
    confirmed_expiry: time(lease.confirmed),
    presumed_expiry: time(lease.presumed),
    age_seconds: lease.age ?? null,
    remaining_seconds: lease.remaining ?? null,
    state: lease.state,
    retrying: lease.retrying,
    duplicate: lease.duplicate,
    retired: lease.retired,
  };
}
