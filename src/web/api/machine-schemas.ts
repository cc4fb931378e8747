import { z } from 'zod';
import type { ListSummary } from '../../ingest/read-list.ts';
import type { MachineJson } from '../../machines/machine-json.ts';
import { VERDICTS } from '../../machines/types.ts';
import { Count, Reading, Time } from './values.ts';

const VerdictName = z.enum(VERDICTS);

const Machine = z.strictObject({
  machine: z.string().describe('The full name if any log or list had it, in lower case'),
  other_names: z.array(z.string()),
  verdict: VerdictName,
  since: Time.nullable(),
  system: z.string().nullable().describe('In the words of the source'),
  sources: z.array(
    z.strictObject({
      source: z.string(),
      last_seen: Time.nullable().describe('null: never'),
      disabled: z.boolean(),
      absent: z.boolean().describe('The newest list of the source does not have it'),
    }),
  ),
  last_request: Time.nullable(),
  host: z.string().nullable(),
  pinned: z.boolean().describe('Its host is not one that its domain publishes'),
  products: z.array(
    z.strictObject({
      activation_id: z.string(),
      product: z.string(),
      verdict: VerdictName,
      state: z.string().describe('Of its lease, or the licence status by its own word'),
      way: z.string().nullable().describe('The way by which it says that it is activated'),
      expiry: Time.nullable(),
    }),
  ),
  duplicate: z.boolean(),
  advice: z.string(),
}) satisfies z.ZodType<MachineJson>;

export const MachinesAnswer = z.strictObject({
  machines: z.array(Machine),
  next_cursor: z.string().nullable().describe('For the next page; null on the last page'),
  reading: Reading,
});

const LEFT_OUT = [
  'not_windows',
  'before_vista',
  'cluster_name',
  'service_account',
  'not_a_machine',
  'no_product_key',
] as const;

export const ListAnswer = z.strictObject({
  source: z.string(),
  form: z.string(),
  read_at: Time,
  rows: Count,
  machines: Count,
  columns: z.array(z.strictObject({ column: z.string(), meaning: z.string(), note: z.string().nullable() })),
  left_out: z.array(z.strictObject({ reason: z.enum(LEFT_OUT), count: Count, examples: z.array(z.string()) })),
  rejected: z.array(z.strictObject({ row: Count, reason: z.string(), remedy: z.string() })),
  rejected_count: Count,
  warnings: z.array(z.string()),
}) satisfies z.ZodType<ListSummary>;
