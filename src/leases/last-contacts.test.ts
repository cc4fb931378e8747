import { expect, it } from 'vitest';
import { LastContacts } from './last-contacts.ts';

it('knows the last contact of a client in each pool, and none where there was none', () => {
  const contacts = new LastContacts();
  contacts.put(1, 7, 100);
  contacts.put(1, 8, 300);
  contacts.put(2, 7, 200);
  expect([contacts.last(1, 7), contacts.last(1, 8), contacts.last(2, 7)]).toEqual([100, 300, 200]);
  expect([contacts.last(2, 8), contacts.last(3, 7)]).toEqual([undefined, undefined]);
});

it('keeps the later one when an earlier one comes late', () => {
  const contacts = new LastContacts();
  contacts.put(1, 7, 100);
  contacts.put(1, 7, 50);
  contacts.put(1, 7, 101);
  expect(contacts.last(1, 7)).toBe(101);
});

it('tells the newest of all pools, and the others beside it', () => {
  const contacts = new LastContacts();
  expect(contacts.newest(1)).toBeUndefined();
  for (const [pool, time] of [
    [7, 100],
    [8, 300],
    [9, 200],
  ] as const)
    contacts.put(1, pool, time);
  const newest = contacts.newest(1);
  expect(newest).toMatchObject({ pool: 8, time: 300 });
  expect(new Map(newest?.others)).toEqual(
    new Map([
      [7, 100],
      [9, 200],
    ]),
  );
});

it('visits each last contact once', () => {
  const contacts = new LastContacts();
  contacts.reserve(5000);
  for (let client = 1; client <= 3000; client++) for (const time of [client, client + 5]) contacts.put(client, 7, time);
  const visited: number[][] = [];
  contacts.forEach((pool, client, time) => {
    visited.push([client, pool, time]);
  });
  expect(visited.sort(([a = 0], [b = 0]) => a - b)).toEqual(Array.from({ length: 3000 }, (_, n) => [n + 1, 7, n + 6]));
});
