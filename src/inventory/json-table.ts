import { err, ok, type Result } from '../kernel/result.ts';
import { areOfRecordsAlone } from './record-keys.ts';
import { MAX_COLUMNS, type Table } from './table.ts';
import type { InventoryForm, SourceRefusal } from './types.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Values within values that are looked into. */
const DEEPEST = 4;
/** Where APIs put their rows. */
const LISTS = ['value', 'machines', 'computers', 'devices', 'result', 'results', 'data', 'items', 'rows', 'records'];
const NEXT_PAGE = /^(?:@odata\.nextlink|nextlink|next_?cursor|next_?page(?:_?token|_?url)?|next)$/i;

/** Reads a JSON document or one JSON value a line. */
export function jsonTable(text: string): Result<Table, SourceRefusal> {
  const whole = parsed(text);
  if (whole !== undefined) return tableOf('json', rowsOf(whole), hasMorePages(whole));
  const lines = text.split(/\r?\n/).flatMap((line) => (line.trim() === '' ? [] : [parsed(line)]));
  const broken = lines.indexOf(undefined);
  if (broken === -1) return tableOf('ndjson', lines, false);
  const reason = broken === 0 ? 'it is no JSON' : `line ${broken + 1} is no JSON`;
  return err({ reason, remedy: 'use ConvertTo-Json or Export-Csv; a file that was cut off must be written again' });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rowsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flat();
  // A single record of a log has its values in a list.
  if (!isObject(value) || areOfRecordsAlone(Object.keys(value))) return [value];
  const key = Object.keys(value).find((each) => LISTS.includes(each.toLowerCase()) && Array.isArray(value[each]));
  return key === undefined ? [value] : (value[key] as readonly unknown[]);
}

function hasMorePages(value: unknown): boolean {
  return (
    isObject(value) && Object.entries(value).some(([key, next]) => NEXT_PAGE.test(key) && next !== null && next !== '')
  );
}

function tableOf(form: InventoryForm, values: readonly unknown[], morePages: boolean): Result<Table, SourceRefusal> {
  if (values.some((value) => !isObject(value) && typeof value !== 'string')) {
    return err({ reason: 'it is JSON, but no list of machines', remedy: 'send an array of objects, or of names' });
  }
  if (values.every((value) => typeof value === 'string')) {
    return ok({ form, header: ['name'], rows: values.map((value) => [String(value)]), morePages });
  }
  const header = headerOf(values);
  return ok({ form, header, rows: cells(values, header), morePages });
}

function headerOf(values: readonly unknown[]): readonly string[] {
  const keys = new Set<string>();
  for (const value of values) {
    if (!isObject(value)) continue;
    for (const key of Object.keys(value)) if (keys.size < MAX_COLUMNS) keys.add(key);
  }
  return [...keys];
}

function* cells(values: readonly unknown[], header: readonly string[]): Generator<readonly string[]> {
  for (const value of values) yield header.map((key) => (isObject(value) ? textOf(value[key]) : ''));
}

/** A value as a cell would have it; Windows PowerShell wraps dates and lists into objects with a `value`. */
function textOf(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (depth >= DEEPEST) return '';
  if (Array.isArray(value)) return value.map((each) => textOf(each, depth + 1)).join(';');
  if (!isObject(value)) return '';
  return textOf(value['value'] ?? value['Value'] ?? value['DateTime'] ?? '', depth + 1);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
