import { DAY_S, HOUR_S, MINUTE_S } from '../../src/kernel/time.ts';
import type { LeaseRequest } from '../../src/leases/types.ts';
import { countAt, isKnown } from './reference-counts.ts';
import { wordsAfter } from './reference-words.ts';
import type { World } from './world.ts';

/** What a lease carries. */
export interface Fold {
  readonly confirmed: number | undefined;
  readonly presumed: number | undefined;
  readonly doubt: boolean;
}

interface Carried {
  confirmed: number | undefined;
  presumed: number | undefined;
  doubt: boolean;
  p: LeaseRequest | undefined;
  ledToPresumption: boolean;
}

/** Rules 0 to 2 over the requests of one lease. */
export function foldAll(world: World, requests: readonly LeaseRequest[], own: readonly LeaseRequest[]): Fold {
  const carried: Carried = {
    confirmed: undefined,
    presumed: undefined,
    doubt: false,
    p: undefined,
    ledToPresumption: false,
  };
  for (const request of own) {
    const { p } = carried;
    // What a request says of p counts only when p was by the same machine.
    const told = p?.machine === request.machine ? p : undefined;
    const isRepeat = told !== undefined && carried.ledToPresumption && request.time - told.time < 15 * MINUTE_S;
    if (!isRepeat) takeRequest(world, requests, carried, request, told);
    for (const word of wordsAfter(world, requests, own, request))
      hearWord(carried, { ...word, machine: request.machine }, world.settings.validity);
  }
  const { confirmed, presumed, doubt } = carried;
  return { confirmed, presumed, doubt };
}

function takeRequest(
  world: World,
  requests: readonly LeaseRequest[],
  carried: Carried,
  request: LeaseRequest,
  told: LeaseRequest | undefined,
): void {
  hearClient(carried, request, told, world.settings.validity);
  if (request.hresult !== 0) return;
  carried.p = request;
  carried.ledToPresumption = !carried.doubt && mayPresume(world, requests, request);
  if (carried.ledToPresumption) carried.presumed = request.time + world.settings.validity;
}

type Said = Pick<LeaseRequest, 'status' | 'minutes' | 'machine'> & { readonly time: number };

/** Rule 1 of what a client says outside of its requests: within 4 hours of p only the proof that p took counts. */
function hearWord(carried: Carried, word: Said, validity: number): void {
  const { p } = carried;
  const isSoon = p !== undefined && word.time - p.time <= 4 * HOUR_S;
  const proves =
    p?.machine === word.machine && isLicensed(word) && word.time + word.minutes * MINUTE_S >= p.time + validity - DAY_S;
  if (!isSoon || proves) hearClient(carried, word, p?.machine === word.machine ? p : undefined, validity);
}

/** Rule 1 */
function hearClient(carried: Carried, request: Said, p: LeaseRequest | undefined, validity: number): void {
  if (request.status === 1 && !isLicensed(request)) return;
  const end = request.status === 1 ? request.time + request.minutes * MINUTE_S : undefined;
  if (p !== undefined) {
    const took = end !== undefined && end >= p.time + validity - DAY_S;
    const overAnyway = end === undefined && p.time + validity <= request.time;
    if (took) carried.doubt = false;
    else if (carried.ledToPresumption && !overAnyway) carried.doubt = true;
  }
  carried.confirmed = end;
  carried.presumed = undefined;
}

/** Rule 2 */
function mayPresume(world: World, requests: readonly LeaseRequest[], request: LeaseRequest): boolean {
  const { host, pool, time, nPolicy, activationId } = request;
  if (pool === undefined) return false;
  const count = countAt(world, requests, { host, pool }, time, activationId);
  return count.value >= nPolicy || (!isKnown(count, nPolicy) && isLicensed(request));
}

function isLicensed({ status, minutes }: Pick<LeaseRequest, 'status' | 'minutes'>): boolean {
  return status === 1 && minutes >= 1 && minutes <= 259_200;
}
