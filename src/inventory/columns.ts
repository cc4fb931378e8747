import { COLUMN_NAMES, columnKey, type Role } from './column-names.ts';
import { isLastSeen } from './seen-column.ts';

/** Of each meaning, the columns that have it: the first one that is filled counts. */
export type Columns = ReadonlyMap<Role, readonly number[]>;

/** Only rows about licences have these, and there `Name` is the product, and `Description` its channel. */
const OF_LICENCES: ReadonlySet<Role> = new Set([
  'activation_id',
  'licence_status',
  'minutes_left',
  'activation_type',
  'key_channel',
  'configured_host',
  'discovered_host',
  'activation_object',
  'partial_key',
  'product',
  'collected',
]);
const ROLES = Object.keys(COLUMN_NAMES) as readonly Role[];
const NAMED: ReadonlySet<string> = new Set(Object.values(COLUMN_NAMES).flat());
const PRODUCT_NAMES = ['name', 'displayname'];

/** Which column means what; empty if none holds names of machines. */
export function columnsOf(header: readonly string[]): Columns {
  const keys = header.map(columnKey);
  const licences = has(keys, 'licence_status') && has(keys, 'activation_id');
  const columns = new Map<Role, readonly number[]>();
  for (const role of ROLES) {
    if (!licences && OF_LICENCES.has(role)) continue;
    const found = namesFor(role, licences).flatMap((name) => indexesOf(keys, name));
    if (role === 'seen') found.push(...keys.flatMap((key, index) => (isNewLastSeen(key) ? [index] : [])));
    if (found.length > 0) columns.set(role, found);
  }
  return columns.has('full_name') || columns.has('name') ? columns : new Map();
}

export function isAboutLicences(columns: Columns): boolean {
  return columns.has('licence_status');
}

/** The first filled cell of those that have a meaning, without blanks around it; else empty. */
export function cellOf(cells: readonly string[], columns: Columns, role: Role): string {
  for (const index of columns.get(role) ?? []) {
    const text = cells[index]?.trim() ?? '';
    if (text !== '') return text;
  }
  return '';
}

function namesFor(role: Role, licences: boolean): readonly string[] {
  const names: readonly string[] = COLUMN_NAMES[role];
  if (!licences) return names;
  if (role === 'product') return [...names, ...PRODUCT_NAMES];
  if (role !== 'name') return names;
  // Run at a distance, a command on the directory has the domain controller there; rows of WMI have the machine.
  return [...new Set(['pscomputername', ...names])].filter((name) => !PRODUCT_NAMES.includes(name));
}

function has(keys: readonly string[], role: Role): boolean {
  return COLUMN_NAMES[role].some((name) => keys.includes(name));
}

/** One that `COLUMN_NAMES` does not have, under whatever meaning. */
function isNewLastSeen(key: string): boolean {
  return isLastSeen(key) && !NAMED.has(key);
}

function indexesOf(keys: readonly string[], name: string): readonly number[] {
  return keys.flatMap((key, index) => (key === name ? [index] : []));
}
