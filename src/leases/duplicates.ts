import { DAY_S } from '../kernel/time.ts';
import { sameMachine } from './machines.ts';

/** From A to B and back to A in less is two machines with one id; a slower return is a rename undone. */
const IN_TURN_WITHIN = 30 * DAY_S;

/** The last use of a client id under one machine name. */
export interface LastUse {
  readonly machine: string;
  readonly time: number;
}

/** Who has used a client id. Plain data. */
export interface IdUse {
  /** The last use under each name of the last 30 days, in order; nothing once the id is known to be a duplicate. */
  readonly recent: readonly LastUse[];
  /** Two machines used it in turn (A, B, A) within 30 days: when A came back; undefined when none did. */
  readonly inTurn: number | undefined;
}

export const UNUSED: IdUse = { recent: [], inTurn: undefined };

/**
 * Takes the next use of a client id, of any product and result. Uses must come in order of records.
 * Costs as much as there are names that used the id in 30 days: one, nearly always.
 */
export function foldUse(use: IdUse, time: number, machine: string): IdUse {
  if (use.inTurn !== undefined) return use;
  const recent = use.recent.filter((other) => time - other.time <= IN_TURN_WITHIN);
  if (cameBack(recent, machine)) return { recent: [], inTurn: time };
  return { recent: [...recent.filter((other) => other.machine !== machine), { machine, time }], inTurn: undefined };
}

/**
 * Whether this machine (A) has used the id, and then another (B). The last use under each name is enough: had A used
 * it again after B, it would have come back then.
 */
function cameBack(recent: readonly LastUse[], machine: string): boolean {
  return recent.some(
    (a, index) =>
      sameMachine(a.machine, machine) &&
      recent.slice(index + 1).some((b) => !sameMachine(b.machine, machine) && !sameMachine(b.machine, a.machine)),
  );
}
