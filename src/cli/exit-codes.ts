export const EXIT = { ok: 0, failed: 1, badUsage: 2 } as const;

/** Those of the monitoring plugins (Nagios, Icinga), for `check`. */
export const STATUS = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;
export type Status = keyof typeof STATUS;
