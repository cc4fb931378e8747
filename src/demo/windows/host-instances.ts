import { DAY_MS } from '../../kernel/time.ts';
import type { EventLog, StoredEvent } from './event-log.ts';
import { messageOf, severityOf, sourceOf } from './event-xml.ts';
import { NEVER, type WmiInstance, type WmiValue } from './wmi-value.ts';

/** What a host says of itself, with the names of the WMI properties. */
export interface WindowsReport {
  readonly service: Readonly<Record<string, WmiValue>>;
  readonly products: readonly Readonly<Record<string, WmiValue>>[];
  /** `Win32_OperatingSystem.Caption`. */
  readonly os: string;
}

export interface InstanceSource {
  /** Undefined: the licensing service has nothing to say. */
  readonly report: () => WindowsReport | undefined;
  readonly logs: ReadonlyMap<string, EventLog>;
  readonly computer: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Products without a key that the licensing service knows besides; Windows has hundreds. */
  readonly keyless: number;
}

const WINDOWS_APPLICATION = '55c92734-d682-4d71-983e-d6ec3f16059f';

/** The instances of a class, made while they are read. */
export function instancesOf(className: string, source: InstanceSource): Iterable<WmiInstance> {
  switch (className) {
    case 'SoftwareLicensingService':
      return services(source);
    case 'SoftwareLicensingProduct':
      return products(source);
    case 'Win32_OperatingSystem':
      return [operatingSystem(source)];
    default:
      return logEvents(source);
  }
}

function services({ report }: InstanceSource): WmiInstance[] {
  const service = report()?.service;
  return service === undefined ? [] : [{ ClientMachineID: null, ...service }];
}

function* products({ report, keyless, now }: InstanceSource): Iterable<WmiInstance> {
  const found = report();
  if (found === undefined) return;
  for (let i = 0; i < keyless; i += 1) yield productWithoutKey(i);
  for (const product of found.products) {
    yield { EvaluationEndDate: NEVER, TrustedTime: { milliseconds: now() }, KeyManagementServicePort: 0, ...product };
  }
}

function productWithoutKey(index: number): WmiInstance {
  return {
    ID: `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`,
    ApplicationID: WINDOWS_APPLICATION,
    Name: `Windows(R), edition ${index}`,
    Description: 'Windows(R) Operating System, VOLUME_KMSCLIENT channel',
    EvaluationEndDate: NEVER,
    IsKeyManagementServiceMachine: 0,
    KeyManagementServiceCurrentCount: 0xffff_ffff,
    LicenseStatus: 0,
    TrustedTime: NEVER,
  };
}

function operatingSystem({ report, computer, now }: InstanceSource): WmiInstance {
  return {
    BuildNumber: '20348',
    CSName: computer.split('.')[0]?.toUpperCase() ?? '',
    Caption: report()?.os ?? 'Microsoft Windows Server 2022 Standard',
    Description: '',
    InstallDate: { milliseconds: now() - 400 * DAY_MS },
    LastBootUpTime: { milliseconds: now() - 12 * DAY_MS + 500 },
    LocalDateTime: { milliseconds: now() },
    MUILanguages: ['en-US'],
    Manufacturer: 'Microsoft Corporation',
    Name: 'Microsoft Windows Server|C:\\Windows|\\Device\\Harddisk0\\Partition2',
    OSArchitecture: '64-bit',
    Primary: true,
    TotalVisibleMemorySize: 4_193_848n,
    Version: '10.0.20348',
  };
}

/** The provider reads each log backwards. */
function* logEvents({ logs, computer }: InstanceSource): Iterable<WmiInstance> {
  for (const log of logs.values()) for (const event of log.backwards()) yield logEvent(event, computer);
}

function logEvent(event: StoredEvent, computer: string): WmiInstance {
  const { qualifiers, level } = severityOf(event);
  const time = { milliseconds: Math.floor(event.time / 1000) * 1000 };
  return {
    Category: 0,
    ComputerName: computer,
    EventCode: event.eventId,
    EventIdentifier: qualifiers * 65_536 + event.eventId,
    EventType: level === 2 ? 1 : 3,
    InsertionStrings: event.data.length === 0 ? null : event.data,
    Logfile: event.channel,
    Message: messageOf(event),
    RecordNumber: event.recordId,
    SourceName: sourceOf(event),
    TimeGenerated: time,
    TimeWritten: time,
    Type: level === 2 ? 'Error' : 'Information',
    User: null,
  };
}
