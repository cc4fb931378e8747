import { z } from 'zod';
import type { MonthReport } from '../../store/months/month-types.ts';
import { Count, Reading, Time } from './values.ts';

const ACTIVITY = {
  active: Count.describe('Machines that a host answered in the month'),
  physical: Count,
  virtual: Count,
  new: Count.describe('Of those, the ones that had not asked before'),
  gone: Count.nullable().describe('Active in the month before and not in this one; null if that is not known'),
  lapsed: Count.describe('Machines whose lease ended in the month'),
};

const Month = z.strictObject({
  month: z.string(),
  from: Time,
  until: Time,
  as_of: Time,
  closed: z.boolean().describe('Whether it stays as it is; what came later is in changes'),
  machines: z.strictObject(ACTIVITY),
  products: z.array(
    z.strictObject({
      product: z.string(),
      activation_id: z.string(),
      class: z.string(),
      ...ACTIVITY,
      support_end: z.iso.date().nullable(),
      support: z.enum(['ended', 'partly', 'near', 'supported']).nullable(),
    }),
  ),
  days: z.array(z.strictObject({ day: z.iso.date(), machines: Count, requests: Count, failed: Count })),
  hosts: z.array(
    z.strictObject({
      host: z.string(),
      os: z.string().nullable(),
      requests: Count,
      machines: Count,
      keys: z.array(z.strictObject({ product: z.string(), activation_id: z.string(), licensed: z.boolean() })),
    }),
  ),
  outages: z.array(
    z.strictObject({
      name: z.string().describe('Name of the condition'),
      subject: z.record(z.string(), z.string()),
      from: Time,
      until: Time.nullable(),
      seconds: Count.describe('Of this month'),
    }),
  ),
  changes: z.array(
    z.strictObject({
      product: z.string().nullable().describe('Null for all products'),
      figure: z.enum(['active', 'physical', 'virtual', 'new', 'gone', 'lapsed']),
      closed: Count.nullable(),
      now: Count.nullable(),
    }),
  ),
  move: z
    .strictObject({
      to: z.string().describe('directory, or the name of the new host'),
      since: Time,
      moved: Count.describe('Machines; in a closed month, as it was then'),
      left: Count.describe('Machines that still renew as before'),
      guessed: z.boolean().describe('Nobody says how machines are activated: those that fell silent count as moved'),
      still_renewing: z.array(z.string()).describe('Those that still renew now; the first 5,000 by name'),
    })
    .nullable()
    .describe('How far leases.migrating is; null while nothing moves, and before it'),
}) satisfies z.ZodType<MonthReport>;

export const MonthAnswer = Month.extend({ reading: Reading });
