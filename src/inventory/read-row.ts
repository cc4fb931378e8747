import { type Columns, cellOf, isAboutLicences } from './columns.ts';
import { leftOutAs } from './left-out.ts';
import { hasNoKey } from './licence.ts';
import { readName, withDomain } from './name.ts';
import { isDisabled } from './state.ts';
import { type SystemKind, systemKind } from './system.ts';
import type { LeftOutReason } from './types.ts';

/** A machine as one row has it; its dates are read, but what they mean is for the whole column to say. */
export interface RowMachine {
  readonly machine: string;
  readonly otherNames: readonly string[];
  readonly system: string | null;
  readonly disabled: boolean;
}

export type RowReading =
  | { readonly kind: 'machine'; readonly machine: RowMachine }
  | { readonly kind: 'left_out'; readonly reason: LeftOutReason; readonly name: string }
  | { readonly kind: 'refused'; readonly reason: string };

const LONGEST_TEXT = 128;

/** Reads one row, but for its dates and its licence. */
export function readRow(cells: readonly string[], columns: Columns): RowReading {
  const written = cellOf(cells, columns, 'full_name') || cellOf(cells, columns, 'name');
  const reason = leftOutAs(cells, columns, cellOf(cells, columns, 'name') || written);
  if (reason !== undefined) return { kind: 'left_out', reason, name: written };
  const system = cellOf(cells, columns, 'system');
  const version = cellOf(cells, columns, 'system_version');
  const named = namesOf(cells, columns);
  const leftOut = leftOutForSystem(systemKind(system, version), named.names.length > 0);
  if (leftOut !== undefined) return { kind: 'left_out', reason: leftOut, name: written };
  const [machine, ...others] = named.names;
  if (machine === undefined) return { kind: 'refused', reason: named.mistake ?? 'it has no name' };
  if (isAboutLicences(columns) && hasNoKey(cells, columns)) {
    return { kind: 'left_out', reason: 'no_product_key', name: machine };
  }
  return {
    kind: 'machine',
    machine: {
      machine,
      otherNames: others,
      system: system.slice(0, LONGEST_TEXT) || null,
      disabled: isDisabled(cells, columns),
    },
  };
}

function leftOutForSystem(kind: SystemKind, hasName: boolean): LeftOutReason | undefined {
  if (kind !== 'not_windows' && kind !== 'before_vista') return undefined;
  return hasName ? kind : 'not_a_machine';
}

/** Every name that can be read, the full one first; the first mistake if there is none. */
export function namesOf(
  cells: readonly string[],
  columns: Columns,
): { names: readonly string[]; mistake: string | undefined } {
  const domain = cellOf(cells, columns, 'domain');
  const names = new Set<string>();
  let mistake: string | undefined;
  for (const index of [...(columns.get('full_name') ?? []), ...(columns.get('name') ?? [])]) {
    const text = cells[index] ?? '';
    if (text === '') continue;
    const name = readName(text);
    if (!name.ok) mistake ??= name.error;
    else if (name.value !== '') names.add(withDomain(name.value, domain));
  }
  return { names: [...names], mistake };
}
