/** How a property is typed in the schema; an array looks like a scalar in the data alone. */
export type CimType = 'string' | 'string[]' | 'boolean' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'datetime';

export interface WmiClass {
  readonly name: string;
  /** By property name, in alphabetical order. */
  readonly properties: Readonly<Record<string, CimType>>;
}

const COUNTERS = {
  KeyManagementServiceCurrentCount: 'uint32',
  KeyManagementServiceFailedRequests: 'uint32',
  KeyManagementServiceLicensedRequests: 'uint32',
  KeyManagementServiceNonGenuineGraceRequests: 'uint32',
  KeyManagementServiceNotificationRequests: 'uint32',
  KeyManagementServiceOOBGraceRequests: 'uint32',
  KeyManagementServiceOOTGraceRequests: 'uint32',
  KeyManagementServiceTotalRequests: 'uint32',
  KeyManagementServiceUnlicensedRequests: 'uint32',
} as const;

const SHARED = {
  ...COUNTERS,
  DiscoveredKeyManagementServiceMachineName: 'string',
  DiscoveredKeyManagementServiceMachinePort: 'uint32',
  IsKeyManagementServiceMachine: 'uint32',
  KeyManagementServiceMachine: 'string',
  KeyManagementServicePort: 'uint32',
  KeyManagementServiceProductKeyID: 'string',
  RequiredClientCount: 'uint32',
  VLActivationInterval: 'uint32',
  VLRenewalInterval: 'uint32',
} as const;

/** The classes that a KMS host is read by, with the properties that Microsoft documents for them. */
const WMI_CLASSES: readonly WmiClass[] = [
  wmiClass('SoftwareLicensingService', {
    ...SHARED,
    ClientMachineID: 'string',
    KeyManagementServiceActivationDisabled: 'boolean',
    KeyManagementServiceDnsPublishing: 'boolean',
    KeyManagementServiceHostCaching: 'boolean',
    KeyManagementServiceListeningPort: 'uint32',
    KeyManagementServiceLowPriority: 'boolean',
    PolicyCacheRefreshRequired: 'uint32',
    RemainingWindowsReArmCount: 'uint32',
    Version: 'string',
  }),
  wmiClass('SoftwareLicensingProduct', {
    ...SHARED,
    ADActivationCsvlkPid: 'string',
    ADActivationObjectName: 'string',
    ApplicationID: 'string',
    Description: 'string',
    EvaluationEndDate: 'datetime',
    ExtendedGrace: 'uint32',
    GenuineStatus: 'uint32',
    GracePeriodRemaining: 'uint32',
    ID: 'string',
    KeyManagementServiceLookupDomain: 'string',
    LicenseFamily: 'string',
    LicenseStatus: 'uint32',
    LicenseStatusReason: 'uint32',
    Name: 'string',
    PartialProductKey: 'string',
    TrustedTime: 'datetime',
    VLActivationType: 'uint32',
    VLActivationTypeEnabled: 'uint32',
  }),
  wmiClass('Win32_OperatingSystem', {
    BuildNumber: 'string',
    CSDVersion: 'string',
    CSName: 'string',
    Caption: 'string',
    Description: 'string',
    InstallDate: 'datetime',
    LastBootUpTime: 'datetime',
    LocalDateTime: 'datetime',
    MUILanguages: 'string[]',
    Manufacturer: 'string',
    Name: 'string',
    OSArchitecture: 'string',
    Primary: 'boolean',
    TotalVisibleMemorySize: 'uint64',
    Version: 'string',
  }),
  wmiClass('Win32_NTLogEvent', {
    Category: 'uint16',
    CategoryString: 'string',
    ComputerName: 'string',
    EventCode: 'uint16',
    EventIdentifier: 'uint32',
    EventType: 'uint8',
    InsertionStrings: 'string[]',
    Logfile: 'string',
    Message: 'string',
    RecordNumber: 'uint32',
    SourceName: 'string',
    TimeGenerated: 'datetime',
    TimeWritten: 'datetime',
    Type: 'string',
    User: 'string',
  }),
];

/** Names of classes are in any case. */
export function findWmiClass(name: string): WmiClass | undefined {
  return WMI_CLASSES.find((each) => each.name.toLowerCase() === name.toLowerCase());
}

function wmiClass(name: string, properties: Readonly<Record<string, CimType>>): WmiClass {
  const sorted = Object.entries(properties).sort(([one], [other]) =>
    one.toLowerCase() < other.toLowerCase() ? -1 : 1,
  );
  return { name, properties: Object.fromEntries(sorted) };
}
