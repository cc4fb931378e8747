import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BareNames, type Meant } from './bare-names.ts';
import { isBare, machineAmong } from './machines.ts';

/** What each bare name means, of names in their order. */
function meantOf(names: readonly string[]): ReadonlyMap<string, string> {
  const bare = new BareNames<string>();
  const meant: Meant<string>[] = names.flatMap((name) => bare.take(name, name));
  return new Map([...meant, ...bare.end()]);
}

it('finds the FQDN that a bare name fits, whole or cut to a NetBIOS name', () => {
  const names = [
    'a-long-machine-',
    'a-long-machine-name',
    'a-long-machine-name.corp.test',
    'ws1',
    'ws1.corp.test',
    'ws10',
  ];
  expect(meantOf(names)).toEqual(
    new Map([
      ['a-long-machine-', 'a-long-machine-name.corp.test'],
      ['a-long-machine-name', 'a-long-machine-name.corp.test'],
      ['ws1', 'ws1.corp.test'],
    ]),
  );
});

it('finds none for a bare name that fits several, or that only begins others', () => {
  expect(meantOf(['ws', 'ws1', 'ws1.a.test', 'ws1.b.test', 'ws1.c.test', 'ws2.a.test'])).toEqual(new Map());
});

it('says what a bare name means as soon as a name comes that it does not begin', () => {
  const bare = new BareNames<number>();
  expect(bare.take('ws1', 1)).toEqual([]);
  expect(bare.take('ws1.a.test', 2)).toEqual([]);
  expect(bare.take('ws2', 3)).toEqual([[1, 2]]);
  expect(bare.end()).toEqual([]);
});

it('agrees with the rule for a name among others', () => {
  const label = fc.constantFrom('a', 'ab', 'a-long-machine-', 'a-long-machine-n', 'a-long-machine-na');
  const name = fc.tuple(label, fc.constantFrom('', '.x', '.y')).map(([first, domain]) => first + domain);
  fc.assert(
    fc.property(fc.uniqueArray(name), (names) => {
      const means = names.flatMap((one) => {
        const machine = machineAmong(one, names);
        return isBare(one) && machine !== one ? [[one, machine] as const] : [];
      });
      expect(meantOf(names.toSorted())).toEqual(new Map(means));
    }),
  );
});
