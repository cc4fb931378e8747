import { hasJsonRecords, hasXmlRecords } from './first-records.ts';
import { GET_WINEVENT, type RefusedForm, SAVE_AS, SHIPPERS, WEVTUTIL } from './refused-form.ts';
import { cellsOf, looksLikeEventViewer, separatorOf } from './table-head.ts';

export interface RefusedText extends RefusedForm {
  /** @param head its first `HEAD_CHARACTERS`, without blanks in front */
  matches(head: string): boolean;
}

/** Enough to see the first lines of any form. */
export const HEAD_CHARACTERS = 4096;

const NO_IDS = 'it has no record ids, and its times are local times of a machine that it does not name';

const has = (pattern: RegExp) => (head: string) => pattern.test(head);

/** Asked from the top. */
export const REFUSED_TEXTS: readonly RefusedText[] = [
  {
    name: 'a form with a file in it (curl -F, or a page of a browser)',
    lacks: 'the log is only a part of it',
    remedy: 'send the file itself: curl --data-binary @FILE in place of -F',
    // Records of text in it are found, and what is around them is reported.
    matches: (head) =>
      /^--\S[^\n]*\nContent-Disposition: form-data/i.test(head) && !hasJsonRecords(head) && !hasXmlRecords(head),
  },
  {
    name: 'text of wevtutil (/f:text)',
    lacks: 'it has no record ids and no event data',
    remedy: `use /f:xml in place of /f:text: ${WEVTUTIL}`,
    matches: has(/^[\p{L} ]{1,40}\[\d+\]:?\s*\n/u),
  },
  {
    name: 'the text of one event (Copy, in Event Viewer)',
    lacks: NO_IDS,
    remedy: `${SAVE_AS}, or run ${WEVTUTIL}`,
    matches: has(/^[^\n:]{1,40}?\s?[:：]\s*(?:Key Management Service|Application)\s*\n|^Log Name:\s/u),
  },
  {
    name: 'CEF',
    lacks: 'it has no record ids and no event data',
    remedy: SHIPPERS,
    matches: has(/^[^\n]{0,300}\bCEF: ?\d\|/),
  },
  {
    name: 'LEEF',
    lacks: 'it has no record ids and no event data',
    remedy: SHIPPERS,
    matches: has(/^[^\n]{0,300}\bLEEF: ?\d/),
  },
  {
    name: 'text of Snare (MSWinEventLog)',
    lacks: 'it has no event data',
    remedy: SHIPPERS,
    matches: has(/^[^\n]{0,300}\bMSWinEventLog\s/),
  },
  {
    name: 'syslog',
    lacks: 'its lines have no event data in a form that is the same for every sender',
    remedy: `${SHIPPERS}; NXLog: to_json() in place of to_syslog_ietf()`,
    matches: has(
      /^(?:\d{1,6} )?<\d{1,3}>|^\p{L}{3} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d \S+ \S|^\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)? \S+ \S+/u,
    ),
  },
  {
    name: 'a table of Log Parser',
    lacks: 'its times have no offset and its strings are joined',
    remedy: `run ${WEVTUTIL}, or import the .evtx file itself`,
    matches: (head) =>
      hasColumns(head, ['EventLog', 'RecordNumber', 'TimeGenerated']) ||
      /^EventLog +RecordNumber |^#Software: Microsoft Log Parser/.test(head),
  },
  {
    name: 'a table of osquery',
    lacks: 'it has no record ids',
    remedy: SHIPPERS,
    matches: (head) => hasColumns(head, ['eventid', 'provider_name']),
  },
  {
    name: 'a CSV file of a log system (Splunk, Kibana, Graylog or Azure Monitor)',
    lacks: 'it has no event data in a form that is the same for every sender',
    remedy: `export whole documents as JSON (Splunk: with renderXml = true in inputs.conf), or run ${WEVTUTIL} on the host`,
    matches: (head) =>
      [['_raw'], ['@timestamp'], ['timestamp', 'source', 'message'], ['TenantId'], ['RenderedDescription']].some(
        (names) => hasColumns(head, names),
      ),
  },
  {
    name: 'a CSV file of EvtxECmd',
    lacks: 'its event data are in columns for people',
    remedy: 'import the .evtx file itself, or use EvtxECmd --xml in place of --csv',
    matches: (head) => hasColumns(head, ['EventRecordId', 'EventId', 'Provider']),
  },
  {
    name: 'a CSV file of PowerShell (Export-Csv of Get-EventLog)',
    lacks: 'Export-Csv does not write the event data',
    remedy: `use ConvertTo-Json in place of Export-Csv: ${GET_WINEVENT}`,
    matches: (head) =>
      head.startsWith('#TYPE System.Diagnostics.EventLogEntry') || hasColumns(head, ['Index', 'EntryType']),
  },
  {
    name: 'a CSV file of PowerShell (Export-Csv of Get-WinEvent)',
    lacks: 'Export-Csv does not write the event data',
    remedy: `use ConvertTo-Json in place of Export-Csv: ${GET_WINEVENT}`,
    matches: (head) => /^#TYPE /.test(head) || hasColumns(head, ['TimeCreated']) || hasQuotedHeader(head),
  },
  {
    name: 'a text file of Event Viewer',
    lacks: NO_IDS,
    remedy: `${SAVE_AS}, or run ${WEVTUTIL}`,
    matches: (head) => separatorOf(head) === '\t' && looksLikeEventViewer(head),
  },
  {
    name: 'a CSV file of Event Viewer',
    lacks: NO_IDS,
    remedy: `${SAVE_AS}, or run ${WEVTUTIL}`,
    matches: looksLikeEventViewer,
  },
  {
    name: 'text that PowerShell shows on a screen',
    lacks: 'it has no event data',
    remedy: `use ConvertTo-Json: ${GET_WINEVENT}`,
    matches: has(/^(?:ProviderName: |(?:TimeCreated|Index|EventID|MachineName|Message)\s+(?:: |(?:Id|Time)\s))/),
  },
  {
    name: 'Clixml (output of PowerShell that another program caught)',
    lacks: 'it keeps the objects of PowerShell, and not the records',
    remedy: `use ConvertTo-Json: ${GET_WINEVENT}`,
    matches: has(/^#< CLIXML/),
  },
  {
    name: 'text of slmgr',
    lacks: 'it is not a log',
    remedy: `run ${WEVTUTIL}; what a host says of itself is sent by the scripts in docs/windows.md`,
    matches: has(/^(?:Software licensing service version|Name: (?:Windows|Office))/),
  },
];

function hasColumns(head: string, names: readonly string[]): boolean {
  const cells = new Set(cellsOf(head).map((cell) => cell.toLowerCase()));
  return cells.size > 1 && names.every((name) => cells.has(name.toLowerCase()));
}

function hasQuotedHeader(head: string): boolean {
  return /^"[\p{L}\d_. ]{1,60}"(?:[,;\t]"[\p{L}\d_. ]{1,60}")+\s*\n/u.test(head);
}
