import { LICENSING_PROVIDER, type StoredEvent } from './event-log.ts';
import { NS } from './namespaces.ts';
import { escapeAttribute, escapeText } from './xml-element.ts';

const PROVIDER_GUID = '{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}';
const REQUESTS_CHANNEL = 'Key Management Service';
/** Of classic events: the upper half of the 32-bit id says how bad it is. */
const INFORMATION = { qualifiers: 16384, level: 4 } as const;
const FAILURE = { qualifiers: 49152, level: 2 } as const;
const FAILURES: ReadonlySet<number> = new Set([12291, 12292, 12293]);

/** The name by which the classic log knows the provider. */
export function sourceOf({ provider, channel }: StoredEvent): string {
  if (provider !== LICENSING_PROVIDER) return provider;
  return channel === REQUESTS_CHANNEL ? 'KmsRequests' : 'Software Protection Platform Service';
}

export function severityOf({ eventId }: StoredEvent): { readonly qualifiers: number; readonly level: number } {
  return FAILURES.has(eventId) ? FAILURE : INFORMATION;
}

/** A record as Windows renders it, with its namespace as the default one and apostrophes. */
export function eventXml(event: StoredEvent, computer: string, isRendered: boolean): string {
  const { qualifiers, level } = severityOf(event);
  const guid = event.provider === LICENSING_PROVIDER ? ` Guid='${PROVIDER_GUID}'` : '';
  const provider = `<Provider Name='${escapeAttribute(event.provider)}'${guid} EventSourceName='${escapeAttribute(sourceOf(event))}'/>`;
  const system = [
    provider,
    `<EventID Qualifiers='${qualifiers}'>${event.eventId}</EventID><Version>0</Version><Level>${level}</Level>`,
    '<Task>0</Task><Opcode>0</Opcode><Keywords>0x80000000000000</Keywords>',
    `<TimeCreated SystemTime='${systemTime(event.time)}'/><EventRecordID>${event.recordId}</EventRecordID>`,
    `<Correlation/><Execution ProcessID='0' ThreadID='0'/><Channel>${escapeText(event.channel)}</Channel>`,
    `<Computer>${escapeText(computer)}</Computer><Security/>`,
  ].join('');
  const data = event.data.map((each) => `<Data>${escapeText(each)}</Data>`).join('');
  const rendering = isRendered ? renderingInfo(event) : '';
  return `<Event xmlns='${NS.event}'><System>${system}</System><EventData>${data}</EventData>${rendering}</Event>`;
}

/** The text of a record in the language of the host, which nobody should read. */
export function messageOf(event: StoredEvent): string {
  if (event.eventId !== 12290) return `Event ${event.eventId}.\r\nInfo:\r\n${event.data.join(',')}`;
  return `An activation request has been processed.\r\nInfo:\r\n${event.data[0] ?? ''}`;
}

function renderingInfo(event: StoredEvent): string {
  const level = severityOf(event).level === INFORMATION.level ? 'Information' : 'Error';
  return `<RenderingInfo Culture='en-US'><Message>${escapeText(messageOf(event))}</Message><Level>${level}</Level></RenderingInfo>`;
}

/** With the ticks of a tenth of a microsecond. */
function systemTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '0000Z');
}
