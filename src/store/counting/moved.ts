import type { Seconds } from '../../kernel/time.ts';
import type { HowMoved } from '../../leases/migrating.ts';
import type { State } from '../leases/state.ts';
import { moveAt } from './move.ts';

/** Which machines have moved (`leases.migrating`), by the numbers of their leases. */
export interface Moved {
  readonly how: (id: number) => HowMoved;
  /** Nobody says how machines are activated, so silence has to do. */
  readonly isGuessed: boolean;
}

/** @returns undefined while nothing moves */
export function movedIn({ database, settings, table }: State, now: Seconds): Moved | undefined {
  const move = moveAt(database, settings, now);
  if (move === undefined) return undefined;
  const how = (id: number) =>
    move.how(table.host.get(id), table.machine.get(id), table.last.get(id), table.product.get(id));
  return { how, isGuessed: move.isGuessed };
}
