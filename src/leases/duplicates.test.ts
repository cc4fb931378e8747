import { expect, test } from 'vitest';
import { DAY_S, HOUR_S } from '../kernel/time.ts';
import { ephemeralNames, isSharedAt, sharingOf } from './duplicates.ts';

test.each([
  ['one machine', ['a', 'a', 'a'], DAY_S, undefined],
  ['a rename', ['a', 'a', 'b', 'b'], DAY_S + 1, undefined],
  ['two in turn', ['a', 'b', 'a'], DAY_S, [2, 2]],
  ['two in turn in just 30 days', ['a', 'b', 'a'], 15 * DAY_S, [2, 2]],
  ['a rename undone later', ['a', 'b', 'a'], 15 * DAY_S + 1, undefined],
  ['a first use that is too old, and a later one', ['a', 'a', 'b', 'a'], 10 * DAY_S, [3, 3]],
  ['one that goes on after the other', ['a', 'b', 'a', 'a'], 10 * DAY_S, [2, 3]],
  ['three in a day', ['a', 'b', 'c'], 12 * HOUR_S, [2, 2]],
  ['three in more than a day', ['a', 'b', 'c'], 12 * HOUR_S + 1, undefined],
  ['many in a day', ['a', 'b', 'c', 'd', 'e'], HOUR_S, [2, 4]],
] satisfies [string, string[], number, [number, number] | undefined][])('%s', (_, machines, apart, uses) => {
  const [since, until] = uses ?? [];
  const sharing = sharingOf(machines.map((machine, index) => ({ time: index * apart, machine })));
  expect(sharing).toEqual(
    since === undefined || until === undefined ? undefined : { since: since * apart, until: until * apart },
  );
});

test('a shared id is news for 30 days after the last request that showed it', () => {
  const sharing = { since: 0, until: 5 };
  expect(isSharedAt(sharing, 5 + 30 * DAY_S - 1)).toBe(true);
  expect(isSharedAt(sharing, 5 + 30 * DAY_S)).toBe(false);
  expect(isSharedAt(undefined, 0)).toBe(false);
});

test('ephemeral names are recognised by their label, with or without a domain', () => {
  const isEphemeral = ephemeralNames(['VDI-*', 'kiosk.x']);
  const names = ['vdi-1', 'vdi-2.corp.test', 'my-vdi-1', 'kiosk.x', 'kioskxx'];
  expect(names.map(isEphemeral)).toEqual([true, true, false, true, false]);
  expect(ephemeralNames([])('vdi-1')).toBe(false);
});
