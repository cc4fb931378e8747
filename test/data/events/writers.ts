/** A log record before a shipper has it. The tests write it in every form and expect to read it back. */
export interface LogRecord {
  readonly host: string;
  readonly channel: string;
  readonly id: number;
  readonly recordId: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly data: readonly string[];
}

export type FormWriter = (record: LogRecord) => string;

const PROVIDER = 'Microsoft-Windows-Security-SPP';
const SOURCE = 'KmsRequests';

/** By the name of the form: one record as its shipper writes it. */
export const WRITERS: Readonly<Record<string, FormWriter>> = {
  own: (r) =>
    JSON.stringify({
      host: r.host,
      channel: r.channel,
      record_id: r.recordId,
      time: iso(r),
      event_id: r.id,
      data: r.data,
    }),
  'event-xml': xml,
  winlogbeat: (r) =>
    JSON.stringify({
      '@timestamp': iso(r),
      winlog: {
        event_id: String(r.id),
        record_id: r.recordId,
        channel: r.channel,
        provider_name: PROVIDER,
        computer_name: r.host,
        event_data: parameters(r),
      },
    }),
  'winlogbeat-6': (r) =>
    JSON.stringify({
      '@timestamp': iso(r),
      computer_name: r.host,
      event_id: r.id,
      log_name: r.channel,
      record_number: String(r.recordId),
      source_name: PROVIDER,
      event_data: parameters(r),
    }),
  'fluent-bit': (r) =>
    JSON.stringify({
      ProviderName: PROVIDER,
      EventID: r.id,
      TimeCreated: iso(r).replace('T', ' ').replace(/\..*/, ' +0000'),
      EventRecordID: r.recordId,
      Channel: r.channel,
      Computer: r.host,
      StringInserts: r.data,
    }),
  'fluent-bit-xml': (r) => JSON.stringify({ System: system(r), Message: '', StringInserts: r.data }),
  vector: (r) =>
    JSON.stringify({
      timestamp: iso(r),
      host: r.host,
      computer: r.host,
      event_id: r.id,
      record_id: r.recordId,
      channel: r.channel,
      provider_name: PROVIDER,
      string_inserts: r.data,
    }),
  alloy: (r) =>
    JSON.stringify({
      source: PROVIDER,
      channel: r.channel,
      computer: r.host,
      event_id: r.id,
      eventRecordID: r.recordId,
      timeCreated: iso(r),
      event_data: data(r),
    }),
  nxlog: (r) =>
    JSON.stringify({
      EventTime: '2026-05-04 12:00:00',
      Hostname: r.host,
      EventID: r.id,
      SourceName: PROVIDER,
      RecordNumber: r.recordId,
      Channel: r.channel,
      EventXML: xml(r),
    }),
  'fluent-bit-winlog': (r) =>
    JSON.stringify({
      RecordNumber: r.recordId,
      TimeGenerated: iso(r).replace('T', ' ').replace(/\..*/, ' +0000'),
      TimeWritten: iso(r).replace('T', ' ').replace(/\..*/, ' +0000'),
      EventID: r.id,
      Qualifiers: 16384,
      EventType: 'Information',
      EventCategory: 0,
      Channel: r.channel,
      SourceName: PROVIDER,
      ComputerName: r.host,
      Data: '',
      Sid: '',
      Message: '',
      StringInserts: r.data,
    }),
  'open-telemetry': (r) =>
    JSON.stringify({
      channel: r.channel,
      computer: r.host,
      event_id: { id: r.id, qualifiers: 16384 },
      level: 'Information',
      message: '',
      provider: { name: PROVIDER, guid: '{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}', event_source: SOURCE },
      record_id: r.recordId,
      system_time: iso(r),
      event_data: { data: r.data.map((text) => ({ '': text })) },
    }),
  'get-event-log': (r) =>
    JSON.stringify({
      MachineName: r.host,
      Index: r.recordId,
      EventID: r.id,
      EntryType: 4,
      Message: '',
      Source: PROVIDER,
      ReplacementStrings: r.data,
      InstanceId: 0x4000_0000 + r.id,
      TimeGenerated: `/Date(${r.time})/`,
      TimeWritten: `/Date(${r.time})/`,
    }),
  wazuh: (r) =>
    JSON.stringify({
      timestamp: iso(r),
      agent: { id: '004', name: 'other-name' },
      decoder: { name: 'windows_eventchannel' },
      data: {
        win: {
          system: {
            providerName: PROVIDER,
            eventID: String(r.id),
            systemTime: iso(r),
            eventRecordID: String(r.recordId),
            channel: r.channel,
            computer: r.host,
            message: '""',
          },
          eventdata: { data: r.data.join(', ') },
        },
      },
      location: 'EventChannel',
    }),
  'open-wec': (r) =>
    JSON.stringify({
      System: {
        Provider: { Name: PROVIDER, EventSourceName: SOURCE },
        EventID: r.id,
        EventIDQualifiers: 16384,
        TimeCreated: iso(r),
        EventRecordID: r.recordId,
        Channel: r.channel,
        Computer: r.host,
      },
      EventData: { Data: r.data },
      OpenWEC: { IpAddress: '192.0.2.11', TimeReceived: iso(r), Node: 'wec1' },
    }),
  splunk: (r) => JSON.stringify({ preview: false, result: { _raw: xml(r), host: 'other-name', _time: iso(r) } }),
  'evtx-dump': (r) =>
    JSON.stringify({
      Event: {
        '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
        System: {
          Provider: { '#attributes': { Name: PROVIDER, EventSourceName: SOURCE } },
          EventID: { '#attributes': { Qualifiers: 16384 }, '#text': r.id },
          TimeCreated: { '#attributes': { SystemTime: iso(r) } },
          EventRecordID: r.recordId,
          Channel: r.channel,
          Computer: r.host,
          Security: null,
        },
        EventData: r.data.length === 0 ? null : { Data: { '#text': r.data } },
      },
    }),
  powershell: (r) =>
    JSON.stringify({
      Id: r.id,
      RecordId: r.recordId,
      ProviderName: PROVIDER,
      LogName: r.channel,
      MachineName: r.host,
      TimeCreated: `/Date(${r.time})/`,
      Properties: r.data.map((text) => ({ Value: text })),
    }),
};

function iso(r: LogRecord): string {
  return new Date(r.time).toISOString();
}

function parameters(r: LogRecord): Record<string, string> {
  return Object.fromEntries(r.data.map((text, i) => [`param${i + 1}`, text]).filter(([, text]) => text !== ''));
}

function xml(r: LogRecord): string {
  return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>${system(r)}<EventData>${data(r)}</EventData></Event>`;
}

function system(r: LogRecord): string {
  return [
    `<System><Provider Name='${PROVIDER}'/><EventID Qualifiers='16384'>${r.id}</EventID>`,
    `<TimeCreated SystemTime='${iso(r)}'/><EventRecordID>${r.recordId}</EventRecordID>`,
    `<Channel>${r.channel}</Channel><Computer>${r.host}</Computer></System>`,
  ].join('');
}

function data(r: LogRecord): string {
  return r.data.map((text) => `<Data>${text.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</Data>`).join('');
}
