import { expect, it, test } from 'vitest';
import { ACCESS, NOW, type RequestFacts, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { HOUR_S, type Seconds, seconds } from '../../kernel/time.ts';
import type { State } from '../leases/state.ts';
import { countMachines, type MachineCount } from './count-machines.ts';
import { leaseStates } from './lease-states.ts';

function counted(state: State, now: Seconds): MachineCount {
  return countMachines(state, leaseStates(state, now), now);
}

function countOf(...requests: readonly RequestFacts[]) {
  const { physical, virtual, skewed } = counted(new StoreInMemory().take(...requests).state, seconds(NOW));
  return [physical, virtual, [...skewed.values()].reduce((sum, { count }) => sum + count, 0)];
}

test.each<[string, RequestFacts[], number[]]>([
  [
    'each machine once, whatever it has asked for',
    [{}, { activationId: ACCESS, recordId: 9 }, { client: 2, virtual: true }],
    [1, 1, 0],
  ],
  ['a bare name and its FQDN once', [{}, { client: 2, machine: 'ws1' }], [1, 0, 0]],
  [
    'the FQDNs of two domains twice, and a bare name that may be either by itself',
    [
      { machine: 'ws1.a.test' },
      { client: 2, machine: 'ws1.b.test' },
      { client: 3, machine: 'ws1', activationId: ACCESS },
    ],
    [3, 0, 0],
  ],
  ['a machine by its newest request', [{}, { activationId: ACCESS, time: seconds(NOW + 1), virtual: true }], [0, 1, 0]],
  [
    'a machine by the later record of one second',
    [{ recordId: 9 }, { activationId: ACCESS, recordId: 8, virtual: true }],
    [1, 0, 0],
  ],
  [
    'a machine by its newest request, under its other name too',
    [{}, { client: 2, machine: 'ws1', time: seconds(NOW + 1), virtual: true }],
    [0, 1, 0],
  ],
  ['a renamed machine under its new name', [{ time: seconds(NOW - 9) }, { machine: 'renamed.corp.test' }], [1, 0, 0]],
  [
    'a clock that is more than four hours off',
    [{ clientTime: seconds(NOW + 4 * HOUR_S + 1) }, { client: 2, clientTime: seconds(NOW + 4 * HOUR_S) }],
    [2, 0, 1],
  ],
  ['no clock that was off a week ago', [{ time: seconds(NOW - 168 * HOUR_S), clientTime: seconds(5) }], [1, 0, 0]],
  [
    'no clock that is right since',
    [{ time: seconds(NOW - 9), clientTime: seconds(5) }, { activationId: ACCESS }],
    [1, 0, 0],
  ],
  [
    'a clock by the newest request up to now',
    [
      { time: seconds(NOW - 9), clientTime: seconds(5) },
      { time: seconds(NOW + HOUR_S), recordId: 2 },
    ],
    [1, 0, 1],
  ],
  ['no clock that is dated ahead alone', [{ time: seconds(NOW + HOUR_S), clientTime: seconds(5) }], [1, 0, 0]],
])('counts %s', (_, requests, count) => {
  expect(countOf(...requests)).toEqual(count);
});

it('counts no retired machine until it asks', () => {
  const store = new StoreInMemory().take({}).retire('ws1.corp.test', NOW);
  expect(counted(store.state, seconds(NOW)).physical).toBe(0);
  expect(counted(store.take({ time: seconds(NOW + 1) }).state, seconds(NOW + 1)).physical).toBe(1);
});

it('counts a clock at the host that was asked', () => {
  const store = new StoreInMemory().take({ host: 'kms2.corp.test', clientTime: seconds(5) });
  expect([...counted(store.state, seconds(NOW)).skewed]).toEqual([
    [store.state.names.hosts.no(hostName('kms2.corp.test')), { count: 1, names: ['ws1.corp.test'] }],
  ]);
});

it('names some of the machines whose clock is off', () => {
  const requests = Array.from({ length: 7 }, (_, n) => ({
    client: n + 1,
    machine: `ws${n + 1}`,
    clientTime: seconds(5),
  }));
  const { skewed } = counted(new StoreInMemory().take(...requests).state, seconds(NOW));
  expect([...skewed.values()]).toEqual([{ count: 7, names: ['ws1', 'ws2', 'ws3', 'ws4', 'ws5'] }]);
});
