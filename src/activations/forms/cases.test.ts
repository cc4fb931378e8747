import { expect, it, test } from 'vitest';
import { readEventsFrom } from '../../../test/support/read-events.ts';
import { caseOf, describeWithRecordings } from '../../../test/support/recordings.ts';

/** The same three records in each. */
const THREE = [
  '01-otel-collector-body.ndjson',
  '02-otel-file-exporter.otlp.json',
  '03-otel-raw-xml-lines.txt',
  '04-wazuh-archives.json',
  '06-evtx-dump-rust.jsonl',
  '08-python-evtx.xml',
  '08b-python-evtx-newer-offset.xml',
  '10-openwec-json.ndjson',
  '16-get-eventlog-convertto-json.json',
  '23-elasticsearch-hits.ndjson',
  '30-wef-renderedtext.xml',
  '31-winlogbeat-forwardedevents.ndjson',
];

async function recordsIn(name: string): Promise<readonly unknown[]> {
  return readEventsFrom(await caseOf(name)).map((reading) =>
    reading.ok
      ? [
          reading.value.host,
          reading.value.recordId,
          reading.value.body.kind === 'request' && reading.value.body.machine,
        ]
      : reading.error.reason,
  );
}

describeWithRecordings(
  'what administrators have',
  () => {
    it.each(THREE)('%s has three requests of one host', async (name) => {
      const host = 'kms01.corp.example.com';
      expect(await recordsIn(name)).toEqual([
        [host, 101, 'ws-001.corp.example.com'],
        [host, 102, 'ws-002'],
        [host, 103, 'srv-01.corp.example.com'],
      ]);
    });

    it('62-fluent-bit-winlog.ndjson has one', async () => {
      expect(await recordsIn('62-fluent-bit-winlog.ndjson')).toEqual([
        ['kms26.corp.example.com', 408, 'fb-1.corp.example.com'],
      ]);
    });

    it('60-nxlog-wec-collector-hostname.ndjson has those of two hosts, and none of the collector', async () => {
      const hosts = (await recordsIn('60-nxlog-wec-collector-hostname.ndjson')).map(
        (each) => String(each).split(',')[0],
      );
      const [x, y] = ['kmsx.corp.example.com', 'kmsy.corp.example.com'];
      expect(hosts.toSorted()).toEqual([x, x, y, y]);
    });

    it('21-splunk-export-classic.json is refused with what has to be set', async () => {
      const reason = expect.stringMatching(
        /^it is text of Splunk, .* set renderXml = true in its inputs\.conf, or run wevtutil qe .*docs\/event-forms\.md/,
      );
      expect(await recordsIn('21-splunk-export-classic.json')).toEqual([reason, reason, reason]);
    });

    test.each([
      ['11-event-viewer-tab.txt', /^a text file of Event Viewer .*no record ids.*XML.*wevtutil qe .*\/f:xml/],
      ['12-event-viewer.csv', /^a CSV file of Event Viewer .*no record ids.*XML.*wevtutil qe .*\/f:xml/],
      ['14-wevtutil-f-text.txt', /\/f:xml in place of \/f:text/],
      ['15-get-winevent-export-csv.csv', /ConvertTo-Json -Depth 4/],
      ['18-select-timecreated-message-machinename.json', /lacks Id, RecordId, LogName.*ConvertTo-Json -Depth 4/],
      ['19-get-winevent-json-depth2.json', /use ConvertTo-Json -Depth 4, Get-WinEvent .*docs\/event-forms\.md/],
      ['25-azure-monitor-event-table.json', /Azure Monitor .*no record ids/],
      ['27-nxlog-syslog-ietf.txt', /^syslog /],
      ['29-logparser-evt.csv', /Log Parser .*wevtutil qe .*\/f:xml/],
    ])('%s is refused once, with what to do', async (name, reason) => {
      const reasons = [...new Set(await recordsIn(name))];
      expect(reasons).toEqual([expect.stringMatching(reason)]);
      if (!name.endsWith('.json')) expect(await recordsIn(name)).toHaveLength(1);
    });

    it('49-message-file-missing.json is read from the text that replaces its message', async () => {
      expect(await recordsIn('49-message-file-missing.json')).toEqual([expect.arrayContaining([901])]);
    });
  },
  'cases',
);
