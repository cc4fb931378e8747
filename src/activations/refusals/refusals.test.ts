import { describe, expect, it, test } from 'vitest';
import { reasonsOf } from '../../../test/support/read-events.ts';
import { REFUSED_OCTETS } from './refused-octets.ts';
import { REFUSED_RECORDS } from './refused-records.ts';
import { REFUSED_TEXTS } from './refused-text.ts';
import { REFUSED_XML } from './refused-xml.ts';

const REQUEST =
  '"An activation request has been processed.\r\nInfo:\r\n0x0,25,ws-1,c0000000-0000-4000-8000-000000000001"';

/** Text of each form, or what each language makes of it. */
const TEXTS: readonly (readonly [form: string, title: string, text: string])[] = [
  [
    'a form with a file in it (curl -F, or a page of a browser)',
    '',
    '--------------------------7f12ee95\r\nContent-Disposition: form-data; name="file"; filename="KMS.evtx"\r\nContent-Type: application/octet-stream\r\n\r\nElfFile\0',
  ],
  ['text of wevtutil (/f:text)', '', 'Event[0]:\r\n  Log Name: Key Management Service\r\n  Event ID: 12290\r\n'],
  ['text of wevtutil (/f:text)', 'newer', 'Event[0]\n  Log Name: Key Management Service\n'],
  ['text of wevtutil (/f:text)', 'German', 'Ereignis[0]:\n  Protokollname: Key Management Service\n'],
  [
    'the text of one event (Copy, in Event Viewer)',
    '',
    'Log Name:      Key Management Service\r\nSource:        SPP\r\nEvent ID:      12290\r\n',
  ],
  [
    'the text of one event (Copy, in Event Viewer)',
    'German',
    'Protokollname: Key Management Service\r\nQuelle:        SPP\r\nEreignis-ID:   12290\r\n',
  ],
  ['CEF', '', 'CEF:0|Microsoft|Windows|10|12290|Activation|3|dhost=kms01\n'],
  ['CEF', 'in syslog', '<14>Nov 27 08:15:30 kms01 CEF:0|Microsoft|Windows|10|12290|Activation|3|dhost=kms01\n'],
  ['LEEF', '', 'LEEF:2.0|Microsoft|Windows|10|12290|^|src=10.0.0.1\n'],
  ['text of Snare (MSWinEventLog)', '', 'kms01.corp.example.com\tMSWinEventLog\t1\tKey Management Service\t101\n'],
  ['syslog', 'RFC 5424', '<14>1 2026-11-27T08:15:30Z kms01 SPP 0 - [NXLOG@14506 EventID="12290"] text\n'],
  ['syslog', 'RFC 3164', '<13>Nov 27 08:15:30 kms01 SPP: {"EventID": 12290}\n'],
  ['syslog', 'with its length in front', '87 <14>1 2026-11-27T08:15:30Z kms01 SPP 0 - - text\n'],
  ['syslog', 'a file of rsyslog', 'Nov  7 08:15:30 kms01 SPP: An activation request has been processed.\n'],
  ['syslog', 'a newer file of rsyslog', '2026-11-27T08:15:30.123456+01:00 kms01 SPP: An activation request\n'],
  ['syslog', 'with its year', 'Nov 27 2026 08:15:30 kms01 SPP: An activation request\n'],
  ['syslog', 'without an offset', '2026-11-27 08:15:30 kms01 SPP: An activation request\n'],
  ['Clixml (output of PowerShell that another program caught)', '', '#< CLIXML\r\n<Objs Version="1.1.0.1"></Objs>\n'],
  [
    'Clixml (Export-Clixml of PowerShell)',
    '',
    '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\r\n  <Obj RefId="0">\r\n',
  ],
  [
    'XML of Log Parser',
    '',
    '<?xml version="1.0" encoding="ISO-10646-UCS-2" standalone="yes" ?>\n<ROOT DATE_CREATED="x">',
  ],
  ['a query or a view of Event Viewer', '', '<ViewerConfig><QueryConfig><QueryParams/></QueryConfig></ViewerConfig>'],
  ['HTML', '', '<!DOCTYPE html>\n<html><body></body></html>'],
  ['HTML', 'without a type', '<HTML><HEAD></HEAD></HTML>'],
  [
    'a table of Log Parser',
    '',
    'EventLog,RecordNumber,TimeGenerated,TimeWritten,EventID\nC:\\kms.evtx,101,2026-11-27 08:15:30,x,12290\n',
  ],
  [
    'a table of Log Parser',
    'with tabs',
    'EventLog\tRecordNumber\tTimeGenerated\tEventID\nKMS\t101\t2026-11-27 08:15:30\t12290\n',
  ],
  ['a table of Log Parser', 'on a screen', 'EventLog RecordNumber TimeGenerated\n-------- ------------ ----\n'],
  ['a table of Log Parser', 'of W3C', '#Software: Microsoft Log Parser\n#Version: 1.0\n#Fields: EventLog\n'],
  ['a table of osquery', '', 'time|source|provider_name|eventid\n1|KMS|SPP|12290\n'],
  [
    'a CSV file of a log system (Splunk, Kibana, Graylog or Azure Monitor)',
    'Splunk with XML',
    `"_raw","_time",host\n"<Event xmlns='x'><System><EventID>12290</EventID></System></Event>","2026",kms01\n`,
  ],
  [
    'a CSV file of a log system (Splunk, Kibana, Graylog or Azure Monitor)',
    'Kibana',
    '"@timestamp","host.name",message\n"Nov 27, 2026 @ 08:15:30.000","kms01","x"\n',
  ],
  [
    'a CSV file of a log system (Splunk, Kibana, Graylog or Azure Monitor)',
    'Azure Monitor',
    'TenantId,Source,EventLog,EventID,RenderedDescription\nx,"11/27/2026, 8:15:30 AM",SPP,12290,"<Param>0</Param>"\n',
  ],
  [
    'a CSV file of EvtxECmd',
    '',
    'RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel\n1,101,2026-11-27,12290,Info,SPP,KMS\n',
  ],
  [
    'a CSV file of PowerShell (Export-Csv of Get-EventLog)',
    '',
    '#TYPE System.Diagnostics.EventLogEntry\r\n"EventID","MachineName","Data","Index"\r\n',
  ],
  [
    'a CSV file of PowerShell (Export-Csv of Get-EventLog)',
    'without its type',
    '"EventID","MachineName","Data","Index","Category","EntryType"\r\n"12290","kms01","","7","","Information"\r\n',
  ],
  [
    'a CSV file of PowerShell (Export-Csv of Get-WinEvent)',
    '',
    '#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n"Message","Id","RecordId"\r\n',
  ],
  [
    'a CSV file of PowerShell (Export-Csv of Get-WinEvent)',
    'with a semicolon, some columns',
    '"TimeCreated";"Id";"Message"\r\n"27.11.2026 03:15:30";"12290";"x"\r\n',
  ],
  [
    'a CSV file of PowerShell (Export-Csv of Get-WinEvent)',
    'whose rows begin as records do',
    '"Message","Id"\n{"a":1},1\n{"b"},2\n<Event>,3\n',
  ],
  [
    'a text file of Event Viewer',
    '',
    `Level\tDate and Time\tSource\tEvent ID\tTask Category\r\nInformation\t11/27/2026 3:15:30 AM\tSPP\t12290\tNone\t${REQUEST}\r\n`,
  ],
  [
    'a text file of Event Viewer',
    'Japanese',
    `レベル\t日付と時刻\tソース\tイベント ID\tタスクのカテゴリ\r\n情報\t2026/11/27 3:15:30\tSPP\t12290\tなし\t${REQUEST}\r\n`,
  ],
  [
    'a CSV file of Event Viewer',
    '',
    `Level,Date and Time,Source,Event ID,Task Category\r\nInformation,11/27/2026 3:15:30 AM,SPP,12290,None,${REQUEST}\r\n`,
  ],
  [
    'a CSV file of Event Viewer',
    'German',
    `Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie\r\nInformationen,27.11.2026 03:15:30,SPP,12290,Keine,${REQUEST}\r\n`,
  ],
  [
    'a CSV file of Event Viewer',
    'French, with semicolons',
    `Niveau;Date et heure;Source;ID de l’événement;Catégorie\r\nInformation;27/11/2026 03:15:30;SPP;12290;Aucun;${REQUEST}\r\n`,
  ],
  [
    'a CSV file of Event Viewer',
    'without its first line',
    `Información,27/11/2026 3:15:30,SPP,12290,Ninguno,${REQUEST}\r\n`,
  ],
  [
    'text that PowerShell shows on a screen',
    'a table',
    '   ProviderName: Microsoft-Windows-Security-SPP\r\n\r\nTimeCreated     Id LevelDisplayName Message\r\n',
  ],
  [
    'text that PowerShell shows on a screen',
    'a list',
    'TimeCreated  : 11/27/2026 3:15:30 AM\r\nProviderName : SPP\r\n',
  ],
  [
    'text that PowerShell shows on a screen',
    'of Get-EventLog',
    '   Index Time          EntryType   Source\r\n   ----- ----\r\n',
  ],
  [
    'text of slmgr',
    '',
    'Software licensing service version: 10.0.20348.1\n\nName: Windows(R), ServerStandard edition\n',
  ],
  ['text in a form that kmswatch does not know', '', 'hello, world\nsecond line\n'],
  ['text in a form that kmswatch does not know', 'of Markdown', '# title\n\ntext with <b> and {c}\n[link](x)\n'],
  ['text in a form that kmswatch does not know', 'with brackets', '[2026-11-27 08:15:30] INFO {a} <b>\n'],
  ['text in a form that kmswatch does not know', 'with braces', '{x};2026;3\n{y};2027;3\n'],
  ['text in a form that kmswatch does not know', 'with rows of each', 'a,b,c\n{x},1,2\n[y],1,2\n<z>,1,2\n'],
  ['text in a form that kmswatch does not know', 'of JSON texts', '["a", "b"]\n'],
  ['text in a form that kmswatch does not know', 'in one line', 'x'.repeat(10_000)],
];

const OCTETS: readonly (readonly [form: string, octets: Buffer])[] = [
  ['UTF-16 text without a byte-order mark', Buffer.from('<Events><Event></Event></Events>', 'utf16le')],
  ['UTF-16 text without a byte-order mark', Buffer.from('[{"a": 1}, {"b": 2}]', 'utf16le').swap16()],
  ['UTF-16 text without a byte-order mark', Buffer.from('レベル,日付と時刻,ソース\r\n', 'utf16le')],
  [
    'a log of Windows XP or Server 2003 (.evt)',
    Buffer.concat([Buffer.of(0x30, 0, 0, 0), Buffer.from('LfLe'), Buffer.alloc(40)]),
  ],
  ['a saved log that begins in its middle', Buffer.concat([Buffer.from('ElfChnk\0'), Buffer.alloc(512)])],
  ['a saved log that was copied as text', Buffer.concat([Buffer.from('\ufeffElfFile\0'), Buffer.alloc(512)])],
  ['a saved log that was copied as text', Buffer.from('\ufeffElfFile\0\0\0', 'utf16le')],
  ['a saved log that was copied as text', Buffer.from('ElfFile\u0002\u00805\u0001\u0080\u0003\u0001 of curl -d')],
  ['a ZIP file or a workbook', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(60)])],
  ['a compressed file', Buffer.concat([Buffer.of(0x1f, 0x8b, 8), Buffer.alloc(60)])],
  ['a binary file of another program', Buffer.concat([Buffer.of(0xd0, 0xcf, 0x11, 0xe0), Buffer.alloc(60)])],
  ['a binary file of another program', Buffer.alloc(64)],
];

const RECORDS: readonly (readonly [form: string, record: object])[] = [
  ['a report of a KMS host', { time: 'x', service: {}, products: [] }],
  ['a row of SoftwareLicensingService or SoftwareLicensingProduct', { KeyManagementServiceListeningPort: 0 }],
  ['a result of osquery', { name: 'events', hostIdentifier: 'kms01', columns: { eventid: '12290' } }],
  [
    'a result of osquery',
    { time: '1', datetime: 'x', source: 'KMS', provider_name: 'SPP', eventid: '12290', data: '{}' },
  ],
  ['JSON of EvtxECmd', { PayloadData1: 'x', Channel: 'KMS', EventId: 12290, EventRecordId: '7', ChunkNumber: 0 }],
  [
    'JSON of Velociraptor (parse_evtx)',
    { System: { EventID: { Value: 12290 }, EventRecordID: 7, TimeCreated: { SystemTime: 1.5 } }, EventData: {} },
  ],
  [
    'the table WindowsEvent of Azure Monitor',
    { TenantId: 'x', EventOriginId: 'y', EventID: 12290, EventRecordId: '7' },
  ],
  ['the table Event of Azure Monitor', { TenantId: 'x', EventLog: 'KMS', EventID: 12290, RenderedDescription: 'x' }],
  [
    'a row of Win32_NTLogEvent',
    { Logfile: 'KMS', RecordNumber: 7, TimeGenerated: '20261127081530.000000-000', InsertionStrings: ['x'] },
  ],
  ['a row of Win32_NTLogEvent', { Logfile: 'KMS', RecordNumber: 7, InsertionStrings: ['x'], EventCode: 12290 }],
  ['GELF', { version: '1.1', host: 'kms01', short_message: 'x', _EventID: 12290 }],
  ["a message of Splunk's HTTP Event Collector", { event: 'text', sourcetype: 'WinEventLog', host: 'kms01' }],
  ['a push of Loki', { streams: [{ stream: {}, values: [] }] }],
  ['a batch of CloudWatch Logs', { logGroup: 'x', logStream: 'y', logEvents: [] }],
  ['a result of Chainsaw or Hayabusa', { Timestamp: 'x', RuleTitle: 'y', Channel: 'KMS', EventID: 12290 }],
  ['syslog as JSON', { __REALTIME_TIMESTAMP: '1', MESSAGE: 'x', PRIORITY: '6' }],
  [
    'JSON of Get-WinEvent with only some of its properties',
    { TimeCreated: '/Date(1)/', Message: 'x', MachineName: 'y' },
  ],
  [
    'JSON of Get-EventLog with only some of its properties',
    { EventID: 12290, TimeGenerated: '/Date(1)/', EntryType: 4 },
  ],
  ['JSON in a form that kmswatch does not know', { 'some key': 1 }],
];

describe('a stream in a form that cannot be read is refused once, by its name, with a way out', () => {
  test.each(TEXTS)('%s %s', (form, _, text) => {
    for (const whole of [text, text.repeat(500), `\ufeff${text}`]) {
      expect(reasonsOf(whole)).toEqual([expect.stringMatching(new RegExp(`^${escaped(form)} cannot be read: `))]);
      expect(reasonsOf(whole)[0]).toMatch(/ Instead, .+ See docs\/event-forms\.md\.$/);
    }
  });

  test.each(OCTETS)('%s', (form, octets) => {
    expect(reasonsOf(octets)).toEqual([expect.stringMatching(new RegExp(`^${escaped(form)} cannot be read: `))]);
  });

  test.each(RECORDS)('%s', (form, record) => {
    const reasons = reasonsOf(JSON.stringify([record, record, record]));
    expect(new Set(reasons).size).toBe(1);
    expect(reasons[0]).toMatch(new RegExp(`^${escaped(form)} cannot be read: .+ See docs/event-forms\\.md\\.$`));
  });

  it('has an example of each', () => {
    const shown = new Set([...TEXTS, ...OCTETS, ...RECORDS].map(([form]) => form));
    for (const { name } of [...REFUSED_TEXTS, ...REFUSED_XML, ...REFUSED_OCTETS, ...REFUSED_RECORDS])
      expect(shown).toContain(name);
  });
});

function escaped(text: string): string {
  return text.replace(/[()./]/g, '\\$&');
}

it('says what a list of machines lacks whose columns have names of another language', () => {
  const reasons = (text: string) => reasonsOf(text).join();
  expect(reasons('Nazwa komputera;System\nWS-1;Windows 11\n')).toContain("name its columns 'ComputerName'");
  expect(reasons('hello, world\nsecond line\n')).not.toContain('list of machines');
});
