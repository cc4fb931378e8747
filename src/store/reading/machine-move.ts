import type { DatabaseSync } from 'node:sqlite';
import { type Seconds, seconds } from '../../kernel/time.ts';
import { ephemeralNames } from '../../leases/duplicates.ts';
import type { MachineMove } from '../../leases/migrating.ts';
import { isForgotten } from '../../leases/state.ts';
import { moveAt } from '../counting/move.ts';
import { num, query } from '../database/rows.ts';
import type { StoredRequest } from '../history/records.ts';
import type { StoreSettings } from '../settings.ts';
import type { StoredLease } from './read-lease.ts';

/**
 * Whether a machine has moved, as it is counted: one of its leases that count shows it.
 * @param requests of the machine, newest first
 * @returns undefined while nothing moves, or if no lease of it counts
 */
export function machineMove(
  database: DatabaseSync,
  settings: StoreSettings,
  leases: readonly StoredLease[],
  requests: readonly StoredRequest[],
  now: Seconds,
): MachineMove | undefined {
  const move = moveAt(database, settings, now);
  if (move === undefined) return undefined;
  const productNo = query(database, 'SELECT id FROM products WHERE activation_id = ?');
  const numberOf = (activationId: string) => num(productNo.get(activationId)?.[0] ?? 0);
  const isEphemeral = ephemeralNames(settings.leases.ephemeral);
  const [newest, ...others] = leases
    .filter(({ lease: { last }, excluded }) => {
      return (
        !excluded.retired &&
        !excluded.superseded &&
        !isForgotten(last.time, isEphemeral(last.machine), now, settings.leases)
      );
    })
    .map(({ lease: { last } }) => {
      return { last, how: move.how(last.hostNo, last.machineNo, last.time, numberOf(last.activationId)) };
    })
    .sort((a, b) => b.last.time - a.last.time);
  if (newest === undefined) return undefined;
  const { last, how } = [newest, ...others].find((one) => one.how !== undefined) ?? newest;
  const { to, since } = move;
  const said = seconds(move.told.get(last.machineNo) ?? 0);
  const at = how === 'told' ? said : how === 'asks' ? firstAt(requests, last) : last.time;
  return { to, since, how, at, host: last.host };
}

/** Since when it has asked the host of a request, and no other. @param requests newest first */
function firstAt(requests: readonly StoredRequest[], { activationId, hostNo, time }: StoredRequest): Seconds {
  const own = requests.filter((request) => request.activationId === activationId);
  const other = own.findIndex((request) => request.hostNo !== hostNo);
  return own.slice(0, other === -1 ? own.length : other).at(-1)?.time ?? time;
}
