import { expect, it } from 'vitest';
import { type Seconds, seconds } from '../kernel/time.ts';
import { fold } from './fold.ts';
import type { InventoryMachine } from './types.ts';

function row(machine: string, seen: number | null, more: Partial<InventoryMachine> = {}): InventoryMachine {
  const time: Seconds | null = seen === null ? null : seconds(seen);
  return {
    machine,
    otherNames: [],
    system: null,
    seen: time,
    disabled: false,
    licences: [],
    ...more,
  };
}

it('keeps a bare name apart that fits two full ones, and its first 15 characters too', () => {
  const names = ['ws-1', 'ws-1.a.example', 'ws-1.b.example', 'workstation-011', 'workstation-0111.a.example'];
  expect(fold(names.map((name) => row(name, 1))).map(({ machine }) => machine)).toEqual([
    'ws-1',
    'ws-1.a.example',
    'ws-1.b.example',
    'workstation-0111.a.example',
  ]);
});

it('keeps other names that say more than the machine itself', () => {
  const [one, two] = fold([row('ws-1.a.example', 1, { otherNames: ['ws-1', 'old-1'] }), row('ws-2', 1)]);
  expect([one?.otherNames, two?.otherNames]).toEqual([['old-1'], []]);
});

it('takes the newest system that is said, and the newest word about being disabled', () => {
  const rows = [
    row('ws-1', 1, { system: 'Windows 7', disabled: true }),
    row('ws-1', 5, { system: 'Windows 11' }),
    row('ws-1', 9),
    row('ws-1', null, { disabled: true }),
  ];
  expect(fold(rows)).toMatchObject([{ seen: 9, system: 'Windows 11', disabled: false }]);
});

it('takes a machine for disabled without a date only if every row says so', () => {
  expect(fold([row('ws-1', null, { disabled: true }), row('ws-1', null)])).toMatchObject([{ disabled: false }]);
  expect(fold([row('ws-1', null, { disabled: true }), row('ws-1', null, { disabled: true })])).toMatchObject([
    { disabled: true },
  ]);
});
