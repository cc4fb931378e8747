import { isClockOff } from '../../leases/skew.ts';
import type { Lease } from '../../leases/types.ts';
import { classNo } from '../database/numbering.ts';
import type { StoredRequest } from '../history/records.ts';

/** Bits of the column `flags`; the lowest two are the class. */
export const CLASS = 3;
export const DOUBT = 4;
export const FAILED = 8;
export const VIRTUAL = 16;
export const CLOCK_OFF = 32;
export const RENEWAL_PRESUMED = 64;
export const EPHEMERAL = 128;
/** Two bits: superseded, retired. */
export const EXCLUSION_SHIFT = 8;
export const EXCLUSION = 3 << EXCLUSION_SHIFT;
/** Only in memory. */
export const KNOWN = 1024;
/** As many as 16 bits count. */
const MAX_ANOMALIES = 0xffff;
/** Below the number of anomalies: how many of them came last in a row, two bits, and whether all else was plausible. */
export const IN_ROW = 3;
export const PLAUSIBLE = 4;
const ANOMALIES_SHIFT = 3;

/** The flags of a row as one number, in SQL: handing over a value costs more than reading it. */
export const FLAGS_SQL = `(cls | (doubt << 2) | flags | (exclusion << ${EXCLUSION_SHIFT}))`;

/** The bits of that number; the class is the lowest two. */
export const ROW_FLAGS = {
  cls: CLASS,
  doubt: DOUBT,
  failed: FAILED,
  ephemeral: EPHEMERAL,
  exclusion: EXCLUSION,
} as const;

/**
 * Since when the requests of a lease `l` are answered as they are now, in SQL: while they are refused, since the first of
 * the run after the last answer, else since its first request.
 */
export const ASKS_SO_SINCE_SQL = `CASE WHEN l.flags & ${FAILED} AND l.renewal_at <> 0
  THEN max(l.run_start, l.renewal_at) ELSE l.first END`;

/** Whether a lease `l` is not of an ephemeral machine, in SQL. */
export const LASTING_SQL = `l.flags & ${EPHEMERAL} = 0`;

/** Whether a lease `l` is licensed by something else than KMS, in SQL. */
export const OTHER_LICENSE_SQL = `(l.anomalies & ${PLAUSIBLE} = 0 OR l.anomalies & ${IN_ROW} = ${IN_ROW})`;

/** The anomalies of a lease, as the column of that name has them. */
export function unpacked(value: number): Pick<Lease, 'anomalies' | 'anomaliesInRow' | 'wasPlausible'> {
  return {
    anomalies: value >>> ANOMALIES_SHIFT,
    anomaliesInRow: value & IN_ROW,
    wasPlausible: (value & PLAUSIBLE) !== 0,
  };
}

export function packed({ anomalies, anomaliesInRow, wasPlausible }: Omit<Lease, 'last'>): number {
  const count = Math.min(anomalies, MAX_ANOMALIES) << ANOMALIES_SHIFT;
  return count | (wasPlausible ? PLAUSIBLE : 0) | anomaliesInRow;
}

/** Known, and neither superseded nor retired. */
export function isIncluded(flags: number): boolean {
  return (flags & (KNOWN | EXCLUSION)) === KNOWN;
}

/** Of a non-persistent desktop: it is forgotten soon, and in no condition about leases. */
export function isEphemeral(flags: number): boolean {
  return (flags & EPHEMERAL) !== 0;
}

export function isDoubted(flags: number): boolean {
  return (flags & DOUBT) !== 0;
}

/** The last request had another HRESULT than 0. */
export function isFailed(flags: number): boolean {
  return (flags & FAILED) !== 0;
}

/** Licensed by something else than KMS, as far as the client says. @param anomalies as the column of that name has them */
export function isOtherLicense(anomalies: number): boolean {
  return (anomalies & PLAUSIBLE) === 0 || (anomalies & IN_ROW) === IN_ROW;
}

export function isVirtual(flags: number): boolean {
  return (flags & VIRTUAL) !== 0;
}

/** @param flags of a row */
export function isRenewalPresumed(flags: number): boolean {
  return (flags & RENEWAL_PRESUMED) !== 0;
}

export function flagsOf(lease: Omit<Lease, 'last'>, last: StoredRequest): number {
  return (
    classNo(last.cls) |
    (lease.doubt ? DOUBT : 0) |
    (last.hresult === 0 ? 0 : FAILED) |
    (last.virtual ? VIRTUAL : 0) |
    (isClockOff(last) ? CLOCK_OFF : 0) |
    (lease.renewal?.presumed === true ? RENEWAL_PRESUMED : 0)
  );
}
