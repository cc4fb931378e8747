/**
 * Releases that host keys tell apart, and the last day of Microsoft's extended support for each, without paid extensions
 * (ESU). Undefined: not one day (each version of Windows 11 has its own), or not known.
 *
 * Source: Microsoft's lifecycle pages, checked against endoflife.date. Microsoft first gave Server 2025 until 2034-10-10.
 */
export const RELEASES = {
  'Windows Vista': '2017-04-11',
  'Windows 7': '2020-01-14',
  'Windows 8': '2016-01-12',
  'Windows 8.1': '2023-01-10',
  'Windows 10': '2025-10-14',
  'Windows 11': undefined,
  'Windows 11 SE': undefined,
  'Windows 10 Enterprise G': undefined,
  'Windows 10 2015 LTSB': '2025-10-14',
  'Windows 10 2016 LTSB': '2026-10-13',
  'Windows 10 LTSC 2019': '2029-01-09',
  'Windows 10 LTSC 2021': '2027-01-12',
  'Windows 11 LTSC 2024': '2029-10-09',
  'Windows 10 IoT Enterprise LTSC 2021': '2032-01-13',
  'Windows 11 IoT Enterprise LTSC 2024': '2034-10-10',
  'Windows Embedded Standard 7': '2020-10-13',
  'Windows Embedded POSReady 7': '2021-10-12',
  'Windows Embedded 8.1 Industry': '2023-07-11',
  'Windows Server 2008 (Web, HPC)': '2020-01-14',
  'Windows Server 2008 (Standard, Enterprise)': '2020-01-14',
  'Windows Server 2008 (Datacenter, Itanium)': '2020-01-14',
  'Windows Server 2008 R2 (Web, HPC)': '2020-01-14',
  'Windows Server 2008 R2 (Standard, Enterprise)': '2020-01-14',
  'Windows Server 2008 R2 (Datacenter, Itanium)': '2020-01-14',
  'Windows Server 2012': '2023-10-10',
  'Windows Server 2012 R2': '2023-10-10',
  'Windows Server 2016': '2027-01-12',
  'Windows Server, version 1803': '2019-11-12',
  'Windows Server, versions 1809 to 20H2': '2022-08-09',
  'Windows Server 2019': '2029-01-09',
  'Windows Server 2022': '2031-10-14',
  'Windows Server, annual channel': '2025-10-24',
  'Windows Server 2025': '2034-11-14',
  'Office 2010': '2020-10-13',
  'Office 2013': '2023-04-11',
  'Office 2016': '2025-10-14',
  'Office 2019': '2025-10-14',
  'Office LTSC 2021': '2026-10-13',
  'Office LTSC 2024': '2029-10-09',
} as const satisfies Readonly<Record<string, string | undefined>>;

export type Release = keyof typeof RELEASES;

/** Last day of support, as `YYYY-MM-DD`; undefined if it is not one day or not known. */
export function endOfSupport(release: Release): string | undefined {
  return RELEASES[release];
}
