import { expect, it } from 'vitest';
import { HostReach, type ReachFacts } from './host-reach.ts';

const HQ = 'kms1.corp.test';
const DMZ = 'kms9.dmz.test';

function reach(facts: Partial<ReachFacts> = {}): HostReach {
  const published = new Map([['corp.test', new Set([HQ])]]);
  const canonical = (name: string) => (name === 'kms' ? HQ : name);
  return new HostReach({ all: new Set([HQ, DMZ]), whole: new Set(), published, canonical, ...facts });
}

it('asks of the hosts that a domain publishes only, and of all where nothing is published', () => {
  const whole = reach({ whole: new Set([HQ]) });
  expect(['ws1.corp.test', 'ws1.dmz.test', 'ws1'].map((name) => whole.areLogsWhole(name))).toEqual([
    true,
    false,
    false,
  ]);
  expect(reach({ whole: new Set([HQ, DMZ]) }).areLogsWhole('ws1')).toBe(true);
  expect(reach({ all: new Set(), published: new Map() }).areLogsWhole('ws1')).toBe(false);
});

it('calls a host pinned only if the domain of the machine publishes others', () => {
  const asked = [
    ['ws1.corp.test', DMZ],
    ['ws1.corp.test', HQ],
    ['ws1.dmz.test', HQ],
    ['ws1', DMZ],
  ] as const;
  expect(asked.map(([machine, host]) => reach().isPinned(machine, host))).toEqual([true, false, false, false]);
});

it('knows hosts by aliases and bare names', () => {
  expect(['kms', 'kms1', HQ, 'kms2'].map((name) => reach().isHost(name))).toEqual([true, true, true, false]);
  const bare = reach({ all: new Set(['kms3']) });
  expect(['kms3', 'kms3.corp.test', 'kms4.corp.test'].map((name) => bare.isHost(name))).toEqual([true, true, false]);
});
