import { expect, it, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { DAY_S, type Seconds, seconds } from '../../kernel/time.ts';
import { stateOf } from '../../leases/state.ts';
import { LEASE_STATES, type LeaseState } from '../../leases/types.ts';
import { NEVER } from '../database/lease-table-sql.ts';
import { Conditions, filterOf } from './lease-filter.ts';

const { warn, validity, renewalInterval } = DEFAULT_SETTINGS.leases;
const OVERDUE = validity - 2 * renewalInterval;
/** The edges of every state, and beside them. */
const ENDS = [0, warn, OVERDUE, validity].flatMap((end) => [NOW + end - 1, NOW + end, NOW + end + 1]);

/** Leases with every end, doubt and exclusion. */
function storeOfAll() {
  const store = new StoreInMemory();
  const leases = [...ENDS, NEVER].flatMap((expiry) =>
    [0, 1].flatMap((doubt) => [0, 1, 2, 3].map((exclusion) => ({ expiry, doubt, exclusion, isOther: false }))),
  );
  leases.push({ expiry: NEVER, doubt: 0, exclusion: 0, isOther: true });
  store.take(...leases.map(({ isOther }, n) => ({ client: n + 1, ...(isOther ? { minutes: 0 } : {}) })));
  const update = store.database.prepare('UPDATE leases SET expiry = ?, doubt = ?, exclusion = ? WHERE id = ?');
  for (const [n, { expiry, doubt, exclusion }] of leases.entries()) update.run(expiry, doubt, exclusion, n + 1);
  return { store, leases };
}

function found({ database }: StoreInMemory, state?: LeaseState, within?: Seconds): number[] {
  const query = { ...(state === undefined ? {} : { state }), ...(within === undefined ? {} : { within }) };
  const { sql, values } = filterOf(query, DEFAULT_SETTINGS, seconds(NOW), { products: [], host: 0 });
  return database
    .prepare(`SELECT id FROM leases l WHERE ${sql} ORDER BY id`)
    .all(...values)
    .map(({ id }) => Number(id));
}

test.each(LEASE_STATES)('finds the leases that are %s by the rules, and no others', (state) => {
  const { store, leases } = storeOfAll();
  const expected = leases.flatMap(({ expiry, doubt, exclusion }, n) => {
    const lease = store.state.table.folded(n + 1, () => '');
    const last = store.state.records.get(n + 1);
    if (last === undefined) throw new Error('no request');
    const ends = { confirmed: expiry === NEVER ? undefined : seconds(expiry), presumed: undefined, doubt: doubt === 1 };
    const excluded = { retired: (exclusion & 2) !== 0, superseded: (exclusion & 1) !== 0 };
    const whole = { ...lease, ...ends, clientId: '', activationId: '', last };
    return stateOf(whole, excluded, NOW, DEFAULT_SETTINGS.leases) === state ? [n + 1] : [];
  });
  expect(expected.length).toBeGreaterThan(0);
  expect(found(store, state)).toEqual(expected);
});

it('finds without a state what is neither superseded nor retired', () => {
  const { store, leases } = storeOfAll();
  expect(found(store)).toHaveLength(leases.filter(({ exclusion }) => exclusion === 0).length);
});

it('finds what ends within a time, but has not ended', () => {
  const { store } = storeOfAll();
  const ends = (within: number) =>
    new Set(
      found(store, undefined, seconds(within)).map((id) => store.rows(`SELECT expiry FROM leases WHERE id = ${id}`)[0]),
    );
  expect([...ends(warn)]).toEqual([NOW + 1, NOW + warn - 1, NOW + warn]);
  // Not even all time has a lease without an end.
  expect([...ends(NEVER)]).not.toContain(NEVER);
});

it('leaves out what is to be forgotten', () => {
  const store = new StoreInMemory().take(
    { time: NOW - DEFAULT_SETTINGS.leases.forgetAfter },
    { client: 2, time: NOW - 400 * DAY_S },
  );
  expect(found(store)).toEqual([1]);
});

it('joins conditions in their order, with their values', () => {
  const conditions = new Conditions();
  conditions.add('a = ?', 1);
  conditions.add('b IN (?, ?)', 2, 3);
  expect([conditions.sql, conditions.values]).toEqual(['a = ? AND b IN (?, ?)', [1, 2, 3]]);
});
