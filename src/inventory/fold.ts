import { firstLabel, NETBIOS_LENGTH } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import type { InventoryMachine, LicenceRow } from './types.ts';

const NONE: readonly string[] = [];

/**
 * Makes one machine of the rows that are about it. A bare name is the machine whose full name begins with it (in its
 * first 15 characters, where a bare name ends); if several do, it is a machine by itself.
 */
export function fold(rows: readonly InventoryMachine[]): readonly InventoryMachine[] {
  const fullNames = fullNamesOf(rows);
  const machines = new Map<string, InventoryMachine[]>();
  for (const row of rows) {
    const name = fullNames.get(row.machine) ?? row.machine;
    const same = machines.get(name);
    if (same === undefined) machines.set(name, [row]);
    else same.push(row);
  }
  return [...machines].map(([machine, same]) => merged(machine, same));
}

/** The same of names alone, each once, in their order. */
export function foldNames(names: readonly string[]): readonly string[] {
  const fullNames = fullNamesOf(names.map((machine) => ({ machine })));
  return [...new Set(names.map((name) => fullNames.get(name) ?? name))];
}

/** The full name that a bare one may be short for; null if there are several. */
function fullNamesOf(rows: readonly Pick<InventoryMachine, 'machine'>[]): ReadonlyMap<string, string | null> {
  const fullNames = new Map<string, string | null>();
  for (const { machine } of rows) {
    if (!machine.includes('.')) continue;
    const label = firstLabel(machine);
    note(fullNames, label, machine);
    if (label.length > NETBIOS_LENGTH) note(fullNames, label.slice(0, NETBIOS_LENGTH), machine);
  }
  return fullNames;
}

function note(fullNames: Map<string, string | null>, bare: string, full: string): void {
  const known = fullNames.get(bare);
  if (known === undefined) fullNames.set(bare, full);
  else if (known !== full) fullNames.set(bare, null);
}

/** The newest row says whether the machine is disabled: an old record of a machine that was rebuilt does not. */
function merged(machine: string, rows: readonly InventoryMachine[]): InventoryMachine {
  const otherNames = namesBeside(machine, rows);
  const [first, ...more] = rows;
  // Most machines have one row, and lists are long.
  if (first !== undefined && more.length === 0) return { ...first, machine, otherNames };
  const newestFirst = rows.toSorted((a, b) => order(b.seen) - order(a.seen));
  const seen = newestFirst[0]?.seen ?? null;
  return {
    machine,
    otherNames,
    system: newestFirst.find((row) => row.system !== null)?.system ?? null,
    seen,
    disabled: newestFirst.filter((row) => row.seen === seen).every((row) => row.disabled),
    licences: newestLicences(rows.flatMap((row) => row.licences)),
  };
}

/** Each name of the rows that says more than the machine's own. */
function namesBeside(machine: string, rows: readonly InventoryMachine[]): readonly string[] {
  const label = firstLabel(machine);
  const others = rows
    .flatMap((row) => [row.machine, ...row.otherNames])
    .filter((name) => name !== machine && name !== label);
  return others.length === 0 ? NONE : [...new Set(others)];
}

/** One of each product; of rows without a date the last. */
function newestLicences(licences: readonly LicenceRow[]): readonly LicenceRow[] {
  const byProduct = new Map<string, LicenceRow>();
  for (const licence of licences) {
    const known = byProduct.get(licence.activationId);
    if (known === undefined || order(licence.at) >= order(known.at)) byProduct.set(licence.activationId, licence);
  }
  return [...byProduct.values()];
}

function order(time: Seconds | null): number {
  return time ?? 0;
}
