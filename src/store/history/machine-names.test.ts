import { expect, it, test } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { MachineNames } from './machine-names.ts';

/** The names of which each means the machine of the first. */
function variantsOf(...names: readonly string[]): string[] {
  const machines = new MachineNames(memoryDatabase());
  const [first = 0] = names.map((name) => machines.no(name));
  return machines.variants(first).map((no) => machines.name(no));
}

test.each([
  ['its FQDN', ['ws1', 'ws1.corp.test'], ['ws1.corp.test']],
  ['its bare name', ['ws1.corp.test', 'ws1'], ['ws1']],
  ['the FQDNs of two domains', ['ws1', 'ws1.a.test', 'ws1.b.test'], ['ws1.a.test', 'ws1.b.test']],
  ['no FQDN of another domain', ['ws1.a.test', 'ws1.b.test'], []],
  ['no name that only begins alike', ['ws1', 'ws10.corp.test', 'ws10', 'ws1-b.corp.test'], []],
  ['no longer label', ['ws1.corp.test', 'ws'], []],
  [
    'the whole name of one that NetBIOS cut off',
    ['workstation-000', 'workstation-00077.corp.test'],
    ['workstation-00077.corp.test'],
  ],
  ['the name that NetBIOS cuts off', ['workstation-00077.corp.test', 'workstation-000'], ['workstation-000']],
  ['no whole name of one that is a letter shorter', ['workstation-00', 'workstation-00077.corp.test'], []],
])('has as variants %s', (_, names, variants) => {
  expect(variantsOf(...names)).toEqual(variants);
});

it('finds the machines that a name means which nobody has used', () => {
  const machines = new MachineNames(memoryDatabase());
  const [bare, full] = [machines.no('ws1'), machines.no('ws2.corp.test')];
  expect([machines.meaning('ws1.corp.test'), machines.meaning('ws2'), machines.meaning('ws3')]).toEqual([
    [bare],
    [full],
    [],
  ]);
  expect(machines.find('ws2')).toBeUndefined();
});

it('means a known name first, then its variants', () => {
  const machines = new MachineNames(memoryDatabase());
  const [full, bare] = [machines.no('ws1.corp.test'), machines.no('ws1')];
  expect([machines.meaning('ws1'), machines.meaning('ws1.corp.test')]).toEqual([
    [bare, full],
    [full, bare],
  ]);
});

it('knows numbers and variants after a restart', () => {
  const database = memoryDatabase();
  const before = new MachineNames(database);
  const [bare, full] = [before.no('ws1'), before.no('ws1.corp.test')];
  const after = new MachineNames(database);
  expect([after.no('ws1'), after.name(full), after.variants(bare), after.variants(full)]).toEqual([
    bare,
    'ws1.corp.test',
    [full],
    [bare],
  ]);
});

it('takes each name down once, for the search too', () => {
  const database = memoryDatabase();
  const machines = new MachineNames(database);
  expect(machines.no('ws77')).toBe(machines.no('ws77'));
  const found = database.prepare("SELECT rowid AS id FROM machine_search WHERE machine_search MATCH 's77'").all();
  expect(found).toEqual([{ id: machines.no('ws77') }]);
});

it('takes a bare name for the FQDN that it fits, unless it fits several', () => {
  const machines = new MachineNames(memoryDatabase());
  const bare = machines.no('ws1');
  const before = machines.regroupings;
  expect([machines.machineOf(bare), machines.isAmbiguous(bare)]).toEqual([bare, false]);
  const full = machines.no('ws1.a.test');
  expect([machines.machineOf(bare), machines.machineOf(full)]).toEqual([full, full]);
  expect(machines.regroupedSince(before)).toEqual([bare, full]);
  const other = machines.no('ws1.b.test');
  expect([machines.machineOf(bare), machines.isAmbiguous(bare), machines.mayBeAmbiguous(full)]).toEqual([
    bare,
    true,
    true,
  ]);
  expect(machines.regroupedSince(before + 2)).toEqual([bare, full, other]);
});
