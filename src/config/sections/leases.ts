import { z } from 'zod';
import { err, ok } from '../../kernel/result.ts';
import { DAY_MS, HOUR_MS, millis } from '../../kernel/time.ts';
import { expects, list, section } from '../expect.ts';
import { BESIDE, refuse, shorter } from '../rules.ts';
import { formatShare, parseShare } from '../share.ts';
import { duration, parseMeantName, plainText, textCodec, wholeNumber } from '../values.ts';

/** Leases of a class that may lapse without an alert: a share of them (0 to 1), or a number. */
export type Tolerance = { readonly share: number } | { readonly count: number };

const EXPECTED_TOLERANCE = 'a share such as 5%, or a whole number of at least 1';

const ToleranceEntry = z.codec(
  z.union([z.string(), z.number()], { error: expects(EXPECTED_TOLERANCE) }),
  z.custom<Tolerance>(),
  {
    decode: (entry, context) => {
      const tolerance = readTolerance(entry);
      if (tolerance.ok) return tolerance.value;
      context.issues.push({ code: 'custom', message: tolerance.error, input: entry });
      return z.NEVER;
    },
    encode: (tolerance) => ('share' in tolerance ? formatShare(tolerance.share) : tolerance.count),
  },
);

const day = z.iso.date({ error: expects('a date such as 2026-12-19') });

/** A move of the fleet: to another host, or to Active Directory-based activation. */
const Migrating = section({
  to: textCodec('directory, or the name of a host', parseMeantName, (name) => name),
  since: day,
});

/** Days on which a fleet sleeps, the first and the last included. */
const QuietPeriod = section({ from: day, to: day }).superRefine(({ from, to }, context) => {
  if (!day.safeParse(from).success || !day.safeParse(to).success || from <= to) return;
  refuse(context, ['to'], `must not be before 'from' (${from}), but is ${to}`);
}, BESIDE);

export const LeasesSection = section({
  validity: duration('1d', '3650d').default(millis(180 * DAY_MS)),
  renewal_interval: duration('1h', '365d').default(millis(7 * DAY_MS)),
  activation_interval: duration('1m', '30d').default(millis(2 * HOUR_MS)),
  /** Milliseconds before the end of a lease. */
  warn: duration('1h', '3650d').default(millis(30 * DAY_MS)),
  critical: duration('1h', '3650d').default(millis(7 * DAY_MS)),
  /** Milliseconds after its last request. */
  forget_after: duration('1d', '3650d').default(millis(365 * DAY_MS)),
  /** How many leases get a series. */
  series_limit: wholeNumber(0, 10_000).default(50),
  tolerate: ToleranceEntry.default({ share: 0.05 }),
  /** From 0 to 1. */
  stalled: textCodec('a share such as 20%', parseShare, formatShare).default(0.2),
  quiet_periods: list(QuietPeriod, 'periods').default([]),
  /** Names of desktops that live for a session, `*` for any characters. */
  ephemeral: list(plainText('a name such as vdi-*', 255), 'names').default([]),
  /** While a fleet moves: who has moved is in no condition about leases, thresholds and idle hosts. */
  migrating: Migrating.optional(),
})
  .superRefine(shorter('critical', 'warn'), BESIDE)
  .superRefine(shorter('warn', 'validity'), BESIDE)
  .superRefine(shorter('renewal_interval', 'validity'), BESIDE)
  .superRefine(shorter('activation_interval', 'renewal_interval'), BESIDE)
  .superRefine(shorter('validity', 'forget_after'), BESIDE)
  .prefault({});

function readTolerance(entry: string | number) {
  if (typeof entry === 'number') {
    return Number.isInteger(entry) && entry >= 1
      ? ok({ count: entry } satisfies Tolerance)
      : err(`expected ${EXPECTED_TOLERANCE}, found ${entry}`);
  }
  const share = parseShare(entry);
  return share.ok
    ? ok({ share: share.value } satisfies Tolerance)
    : err(`expected ${EXPECTED_TOLERANCE}, found '${entry}'`);
}
