/**
 * Licence statuses by their numbers, as logs (12290) and WMI (`LicenseStatus`) have them (Microsoft, Volume Activation
 * Technical Reference, "KMS Client Events"; SL_LICENSING_STATUS).
 */
export const LICENSE_STATUS = {
  unlicensed: 0,
  licensed: 1,
  oob_grace: 2,
  oot_grace: 3,
  non_genuine_grace: 4,
  notification: 5,
  extended_grace: 6,
} as const;

export type LicenseStatus = keyof typeof LICENSE_STATUS;
export type LicenseStatusNumber = (typeof LICENSE_STATUS)[LicenseStatus];

/** In the order of their numbers. */
export const LICENSE_STATUSES = Object.keys(LICENSE_STATUS) as readonly LicenseStatus[];

/** @param number that of a status; any other is taken for `unlicensed` */
export function licenseStatusName(number: number): LicenseStatus {
  return LICENSE_STATUSES[number] ?? 'unlicensed';
}

/** @param text the number as a log has it */
export function parseLicenseStatus(text: string): LicenseStatusNumber | undefined {
  return /^[0-6]$/.test(text) ? (Number(text) as LicenseStatusNumber) : undefined;
}
