import { DAY_S, MINUTE_S } from '../../src/kernel/time.ts';
import type { LeaseRequest } from '../../src/leases/types.ts';
import { count, isOneMachine } from './reference-queries.ts';
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
    const told = p !== undefined && isOneMachine(p.machine, request.machine) ? p : undefined;
    if (told !== undefined && request.time - told.time < 15 * MINUTE_S) continue;
    hearClient(carried, request, told, world.settings.validity);
    if (request.hresult !== 0) continue;
    const { host, pool, time, nPolicy } = request;
    const enough = pool !== undefined && count(world, requests, host, pool, time) >= nPolicy;
    carried.p = request;
    carried.ledToPresumption = enough && !carried.doubt;
    if (carried.ledToPresumption) carried.presumed = time + world.settings.validity;
  }
  const { confirmed, presumed, doubt } = carried;
  return { confirmed, presumed, doubt };
}

/** Rule 1 */
function hearClient(carried: Carried, request: LeaseRequest, p: LeaseRequest | undefined, validity: number): void {
  if (request.status === 1 && (request.minutes < 1 || request.minutes > 259_200)) return;
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
