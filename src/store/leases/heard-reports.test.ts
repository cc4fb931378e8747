import { expect, it, test } from 'vitest';
import { NOW, PRO, type RequestFacts, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { snapshotOf } from '../../../test/store/world-records.ts';
import { DAY_S, HOUR_S, MINUTE_S } from '../../kernel/time.ts';
import { transaction } from '../database/transaction.ts';
import { takeInventoryPart } from '../inventory/take-part.ts';

const VALIDITY = 180 * DAY_S;
const LICENSED = { machine: 'ws1.corp.test', status: 1, minutes: 259_200 } as const;

/** A store in which the first of enough clients has asked at a time. */
function storeAfter(...requests: readonly RequestFacts[]): StoreInMemory {
  const others = Array.from({ length: 24 }, (_, n) => ({ client: n + 2, time: NOW - 11 * DAY_S }));
  return new StoreInMemory().take(...others).take(...requests);
}

function hear(store: StoreInMemory, word: { machine: string; status: number; minutes: number }, time: number): void {
  const part = snapshotOf({ ...word, activationId: PRO, time });
  transaction(store.database, () => {
    takeInventoryPart(store.database, part, (...report) => store.projection.heard.hear(...report));
    store.projection.finish();
    store.state.save();
  });
}

function lease(store: StoreInMemory, client = 1) {
  const { table } = store.state;
  const id = store.lease(client);
  return { confirmed: table.confirmed.get(id), presumed: table.presumed.get(id), doubt: table.isDoubted(id) };
}

const ASKED = NOW - 10 * DAY_S;

test.each([
  ['that it is licensed settles what was presumed', LICENSED, DAY_S, ASKED + DAY_S + VALIDITY, 0, false],
  ['what was left of the old licence: it did not take', { ...LICENSED, minutes: 20_000 }, DAY_S, 'stated', 0, true],
  ['that it is in notification: it did not take', { ...LICENSED, status: 5, minutes: 0 }, DAY_S, 0, 0, true],
  [
    'the old licence an hour later, when it may not know yet',
    { ...LICENSED, minutes: 20_000 },
    HOUR_S,
    'old',
    1,
    false,
  ],
  ['the new licence an hour later', LICENSED, HOUR_S, ASKED + HOUR_S + VALIDITY, 0, false],
  ['more than KMS gives', { ...LICENSED, minutes: 259_201 }, DAY_S, 'old', 1, false],
  ['something under another name', { ...LICENSED, machine: 'ws9.corp.test' }, DAY_S, 'old', 1, false],
])('a client says %s', (_, word, after, confirmed, presumed, doubt) => {
  const store = storeAfter({ time: ASKED });
  hear(store, word, ASKED + after);
  const ends = { stated: ASKED + after + 20_000 * MINUTE_S, old: ASKED + 250_000 * MINUTE_S };
  expect(lease(store)).toEqual({
    confirmed: typeof confirmed === 'string' ? ends[confirmed as keyof typeof ends] : confirmed,
    presumed: presumed === 1 ? ASKED + VALIDITY : 0,
    doubt,
  });
});

it('is of the same effect if it comes before the requests around it', () => {
  const store = storeAfter();
  hear(store, { ...LICENSED, status: 5, minutes: 0 }, ASKED + DAY_S);
  store.take({ time: ASKED });
  expect(lease(store)).toEqual({ confirmed: 0, presumed: 0, doubt: true });
  store.take({ time: ASKED + 2 * DAY_S, hresult: 7, status: 1, minutes: 0 });
  expect(lease(store)).toEqual({ confirmed: 0, presumed: 0, doubt: true });
});

it('is put in its place if a newer one is known', () => {
  const store = storeAfter({ time: ASKED });
  hear(store, LICENSED, ASKED + 3 * DAY_S);
  hear(store, { ...LICENSED, status: 5, minutes: 0 }, ASKED + DAY_S);
  expect(lease(store)).toEqual({ confirmed: ASKED + 3 * DAY_S + VALIDITY, presumed: 0, doubt: false });
});

it('is about the newest lease of the machine at its time', () => {
  const store = storeAfter({ time: ASKED });
  hear(store, LICENSED, ASKED + DAY_S);
  hear(store, LICENSED, ASKED + 3 * DAY_S);
  // Installed again on the second day.
  store.take({ client: 99, machine: 'ws1.corp.test', time: ASKED + 2 * DAY_S, hresult: 7, status: 5, minutes: 0 });
  expect(lease(store).confirmed).toBe(ASKED + DAY_S + VALIDITY);
  expect(lease(store, 99).confirmed).toBe(ASKED + 3 * DAY_S + VALIDITY);
});

it('finds the machine of a bare name while it fits one alone', () => {
  const store = storeAfter({ time: ASKED });
  hear(store, { ...LICENSED, machine: 'ws1' }, ASKED + DAY_S);
  expect(lease(store).confirmed).toBe(ASKED + DAY_S + VALIDITY);
  store.take({ client: 98, machine: 'ws1.other.test', time: NOW });
  expect(lease(store)).toMatchObject({ presumed: ASKED + VALIDITY });
});
