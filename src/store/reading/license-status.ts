/** SL_LICENSING_STATUS, in the order of its numbers. */
const STATUSES = [
  'unlicensed',
  'licensed',
  'oob_grace',
  'oot_grace',
  'non_genuine_grace',
  'notification',
  'extended_grace',
] as const;

export function licenseStatusName(status: number): string {
  return STATUSES[status] ?? 'unlicensed';
}
