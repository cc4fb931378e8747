import { type CsvSeparator, csvHead, csvRow } from '../kernel/csv.ts';
import type { MachineJson } from './machine-json.ts';

const FIELDS = [
  ...(['machine', 'other_names', 'verdict', 'since', 'system', 'last_request', 'host', 'pinned', 'last_seen'] as const),
  ...(['sources', 'products', 'duplicate', 'advice'] as const),
];

/** The first line of a CSV of machines. */
export function machineCsvHead(separator?: CsvSeparator): string {
  return csvHead(FIELDS, separator);
}

/** A machine as a row: lists are one cell each. */
export function machineCsvRow(machine: MachineJson, separator?: CsvSeparator): string {
  const { sources, products, other_names } = machine;
  const lastSeen = sources
    .map(({ last_seen }) => last_seen ?? '')
    .sort()
    .at(-1);
  return csvRow(
    [
      machine.machine,
      other_names.join('; '),
      machine.verdict,
      machine.since,
      machine.system,
      machine.last_request,
      machine.host,
      machine.pinned,
      lastSeen || null,
      sources.map(({ source }) => source).join('; '),
      products.map(({ product, state }) => `${product} (${state})`).join('; '),
      machine.duplicate,
      machine.advice,
    ],
    separator,
  );
}
