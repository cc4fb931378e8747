/** Where the rows of the product tables are from. Facts are carried over, names are ours. */
export const SOURCES = {
  /** The PoShEvents module (MIT): the ids, editions and key types of Windows' own `pkeyconfig`. */
  PoShEvents: 'PoShEvents module, from pkeyconfig',
  /** Ids beside the setup keys that Microsoft publishes for KMS clients; at least two independent lists agree. */
  'setup key lists': 'public lists of activation ids by setup key',
  /** KmsDataBase.xml, a public database of ids. Few of its rows have a second source; all are old or rare. */
  'id database': 'public id database',
  /** `pkeyconfig-csvlk.xrm-ms` of Microsoft's image `windows/servercore:ltsc2025`, as published; also in events 1003. */
  pkeyconfig: 'pkeyconfig of Windows Server 2025',
  /** Microsoft Learn, "Key Management Services (KMS) activation planning", 2024-11-12. */
  'KMS planning': 'learn.microsoft.com/windows-server/get-started/kms-activation-planning',
  /** Microsoft Learn, "Configure a KMS host computer to activate volume licensed versions of Office", 2024-04-26. */
  'Office KMS host': 'learn.microsoft.com/office/volume-license-activation/configure-a-kms-host-computer-for-office',
  /** Microsoft TechNet ff793412, "Determining Product Key Needs": the groups A, B and C of Server 2008 and 2008 R2. */
  'product key groups': 'technet.microsoft.com/library/ff793412',
} as const;

export type Source = keyof typeof SOURCES;
