import type { SQLInputValue } from 'node:sqlite';
import type { Seconds } from '../../kernel/time.ts';
import { EPHEMERAL_FOR } from '../../leases/state.ts';
import type { CountedState, LeaseState } from '../../leases/types.ts';
import { NEVER } from '../database/lease-table-sql.ts';
import { CLASSES } from '../database/numbering.ts';
import { RETIRED, SUPERSEDED } from '../leases/exclusion-bits.ts';
import { LASTING_SQL, OTHER_LICENSE_SQL } from '../leases/lease-bits.ts';
import type { LeaseQuery } from '../queries.ts';
import type { StoreSettings } from '../settings.ts';

/** Conditions of a statement, all of which must hold. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly values: SQLInputValue[] = [];

  add(part: string, ...values: readonly SQLInputValue[]): void {
    this.#parts.push(part);
    this.values.push(...values);
  }

  get sql(): string {
    return this.#parts.join(' AND ');
  }
}

/** The conditions of a query about a lease `l`, except the client's name. */
export function filterOf(
  query: LeaseQuery,
  settings: StoreSettings,
  now: Seconds,
  numbers: { readonly products: readonly number[]; readonly host: number },
): Conditions {
  const conditions = new Conditions();
  addState(conditions, query.state, settings, now);
  conditions.add('l.last >= ?', now - settings.leases.forgetAfter);
  if (settings.leases.ephemeral.length > 0) {
    conditions.add(`(${LASTING_SQL} OR l.last >= ?)`, now - EPHEMERAL_FOR);
  }
  if (query.within !== undefined) {
    conditions.add('l.expiry > ? AND l.expiry <= ?', now, Math.min(now + query.within, NEVER - 1));
  }
  if (query.silentFor !== undefined) conditions.add('l.last <= ?', now - query.silentFor);
  if (query.cls !== undefined) conditions.add('l.cls = ?', CLASSES.indexOf(query.cls));
  if (query.duplicate !== undefined) {
    conditions.add(`l.client ${query.duplicate ? 'IN' : 'NOT IN'} (SELECT client FROM duplicates WHERE until > 0)`);
  }
  if (query.host !== undefined) conditions.add('l.host = ?', numbers.host);
  if (query.product !== undefined) {
    conditions.add(`l.product IN (${numbers.products.map(() => '?').join(', ')})`, ...numbers.products);
  }
  return conditions;
}

/** The states of `stateOf`, as stretches of the index of expiries. */
function addState(
  conditions: Conditions,
  state: LeaseState | undefined,
  { leases }: StoreSettings,
  now: Seconds,
): void {
  if (state === 'retired') {
    conditions.add(`l.exclusion IN (${RETIRED}, ${RETIRED | SUPERSEDED})`);
    return;
  }
  conditions.add('l.exclusion = ?', state === 'superseded' ? SUPERSEDED : 0);
  if (state === undefined || state === 'superseded') return;
  const soon = now + leases.warn;
  const overdue = now + leases.validity - 2 * leases.renewalInterval;
  const parts: Record<CountedState, readonly [sql: string, ...values: readonly number[]]> = {
    other_license: [`l.expiry = ? AND ${OTHER_LICENSE_SQL}`, NEVER],
    unactivated: [`l.expiry = ? AND NOT ${OTHER_LICENSE_SQL}`, NEVER],
    expired: ['l.expiry <= ?', now],
    expiring: ['l.expiry > ? AND l.expiry <= ?', now, soon],
    renewal_failing: ['l.expiry > ? AND l.expiry < ? AND l.doubt = 1', soon, NEVER],
    renewal_overdue: ['l.expiry > ? AND l.expiry < ? AND l.doubt = 0', soon, Math.min(overdue, NEVER)],
    valid: ['l.expiry > ? AND l.expiry >= ? AND l.expiry < ? AND l.doubt = 0', soon, overdue, NEVER],
  };
  conditions.add(...parts[state]);
}
