/** Windows versions that can be a KMS host, each kind from old to new. */
export const HOST_SYSTEMS = {
  server: [
    'Windows Server 2008',
    'Windows Server 2008 R2',
    'Windows Server 2012',
    'Windows Server 2012 R2',
    'Windows Server 2016',
    'Windows Server 2019',
    'Windows Server 2022',
    'Windows Server 2025',
  ],
  client: ['Windows Vista', 'Windows 7', 'Windows 8', 'Windows 8.1', 'Windows 10', 'Windows 11'],
} as const;

export type HostSystem = (typeof HOST_SYSTEMS)[keyof typeof HOST_SYSTEMS][number];

/** Signs of trademarks, which older versions have in their captions, as characters and as text. */
const TRADEMARKS = /[®™]|\((?:R|TM)\)/gi;
const SYSTEM = /Windows (?:Server 20\d\d(?: R2)?|Vista|7|8\.1|8|10|11)(?![\d.])/i;

/**
 * The Windows version in a caption of `Win32_OperatingSystem`, in any language.
 * @returns undefined if it names none that this table has, as those of the Semi-Annual Channel do
 */
export function systemOf(caption: string): HostSystem | undefined {
  const name = SYSTEM.exec(caption.replaceAll(TRADEMARKS, '').replaceAll(/\s+/g, ' '))?.[0].toLowerCase();
  return [...HOST_SYSTEMS.server, ...HOST_SYSTEMS.client].find((system) => system.toLowerCase() === name);
}
