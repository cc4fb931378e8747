import { z } from 'zod';
import type { ConditionJson } from '../../conditions/condition-json.ts';
import type { LeaseJson } from '../../leases/lease-json.ts';
import { LEASE_CLASSES, LEASE_STATES } from '../../leases/types.ts';
import type { KeysJson } from '../../products/key-json.ts';
import { ErrorAnswer } from './error-answer.ts';
import { Count, POOLS, Reading, Time } from './values.ts';

const Lease = z.strictObject({
  client: z.string().describe('Name of the machine as last seen, in lower case'),
  client_id: z.string(),
  activation_id: z.string(),
  product: z.string(),
  class: z.enum(LEASE_CLASSES),
  pool: z.enum(POOLS).nullable(),
  host: z.string(),
  virtual: z.boolean(),
  first_request: Time,
  last_request: Time,
  last_result: z.string(),
  license_status: z.string(),
  expiry: Time.nullable(),
  expiry_basis: z.enum(['confirmed', 'presumed']).nullable(),
  confirmed_expiry: Time.nullable(),
  presumed_expiry: Time.nullable(),
  age_seconds: z.number().min(0).nullable(),
  remaining_seconds: z.number().nullable().describe('Negative after it has ended'),
  state: z.enum(LEASE_STATES),
  retrying: z.boolean(),
  duplicate: z.boolean(),
  retired: z.boolean(),
}) satisfies z.ZodType<LeaseJson>;

export const LeasesAnswer = z.strictObject({
  leases: z.array(Lease),
  next_cursor: z.string().nullable().describe('For the next page; null on the last page'),
  reading: Reading,
});

export const ForecastAnswer = z.strictObject({
  as_of: Time,
  reading: Reading,
  days: Count,
  without: z.string().nullable().describe('The machines that stop asking now, while all others go on'),
  stopping: Count.nullable().describe('How many client ids that are'),
  hosts: z.array(
    z.strictObject({
      host: z.string(),
      class: z.enum(LEASE_CLASSES),
      pool: z.enum(POOLS).nullable(),
      count: Count.nullable().describe('The count now; null if it is not known, or the host does not serve the class'),
      threshold: Count.nullable(),
      breach: Time.nullable().describe('When the count falls below the threshold'),
      census: z
        .array(Count)
        .nullable()
        .describe('census[0] is now, census[n] is in n days if no more clients ask; null without a pool'),
      ends: z.array(Count).describe('ends[n - 1] counts the leases that end on the n-th day'),
    }),
  ),
});

export const ConditionsAnswer = z.strictObject({
  conditions: z.array(
    z.strictObject({
      name: z.string(),
      severity: z.enum(['critical', 'warning']),
      subject: z.record(z.string(), z.string()).describe('Labels of its subject'),
      since: Time,
      firing: z.boolean().describe('Whether it has held for its hold time'),
      summary: z.string(),
      value: z.number().nullable(),
      limit: z.number().nullable(),
      runbook: z.string().describe('URL of its runbook, as in notifications'),
      explained_by: z
        .strictObject({ name: z.string(), subject: z.record(z.string(), z.string()) })
        .nullable()
        .describe('The firing condition that is its root cause; null for a cause'),
    }) satisfies z.ZodType<ConditionJson>,
  ),
  reading: Reading,
});

const Key = z.strictObject({ activation_id: z.string(), name: z.string() });

const KeyPlan = z.strictObject({
  host: z.string().describe('`any` if no host has reported its keys, and no log of one is known'),
  coverage: z.enum(['yes', 'no', 'some', 'unknown']).describe('`some`: not all releases of a shared activation id'),
  needs: Key.nullable().describe('The key to install: the newest that the host can take'),
  also: z.array(Key).describe('Older keys that would do as well, from new to old'),
  can_hold: z.enum(['yes', 'no', 'unknown']).nullable().describe('Whether the Windows of the host can take that key'),
  update: z.string().nullable().describe('The first update that makes it possible'),
  pack: z.string().nullable().describe('The update that has to be installed first'),
  reason: z.enum(['azure_edition', 'evaluation', 'too_old', 'other_kind']).nullable().describe('Why it cannot'),
  text: z.string(),
});

const Keys = z.strictObject({
  hosts: z.array(
    z.strictObject({
      host: z.string(),
      reported: Time.describe('When the newest report was made'),
      os: z.string().nullable(),
      keys: z.array(z.strictObject({ activation_id: z.string(), product: z.string(), licensed: z.boolean() })),
    }),
  ),
  products: z.array(
    z.strictObject({
      activation_id: z.string(),
      product: z.string(),
      asked: z.boolean().describe('Whether clients asked for it in the last 30 days'),
      releases: z.array(z.strictObject({ release: z.string(), support_end: z.string().nullable() })),
      note: z.string().nullable().describe('Why no host key covers it: a Home or an Azure edition'),
      hosts: z.array(KeyPlan),
    }),
  ),
}) satisfies z.ZodType<KeysJson>;

export const KeysAnswer = Keys.extend({ reading: Reading });

export const EventsAnswer = z.strictObject({
  accepted: Count,
  duplicate: Count,
  ignored: Count,
  rejected: z.array(z.strictObject({ index: Count, reason: z.string() })).describe('The first of the answers'),
  rejected_count: Count,
});

/** Where none was understood. */
export const NoEventsAnswer = z.union([EventsAnswer, ErrorAnswer]);
