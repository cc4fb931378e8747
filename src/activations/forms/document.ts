import { REFUSED_OCTETS } from '../refusals/refused-octets.ts';
import { REFUSED_RECORDS } from '../refusals/refused-records.ts';
import { REFUSED_TEXTS } from '../refusals/refused-text.ts';
import { REFUSED_XML } from '../refusals/refused-xml.ts';
import { EVENT_FORMS } from './table.ts';

const REFUSED = [...REFUSED_TEXTS, ...REFUSED_XML, ...REFUSED_RECORDS, ...REFUSED_OCTETS];

const EXAMPLE = JSON.stringify({
  host: 'kms01.corp.example.com',
  channel: 'Application',
  record_id: 502,
  time: '2026-05-04T10:14:01Z',
  event_id: 12294,
  data: ['corp.example.com'],
});

/** docs/event-forms.md: which forms of log records are read, and where in them the fields are. */
export function eventFormsDocument(): string {
  const columns = ['form', 'host', 'log', 'event id', 'record id', 'time', 'insertion string *i*'];
  const rows = EVENT_FORMS.map(({ title, paths }) => [
    title,
    paths.host,
    paths.channel,
    paths.eventId,
    paths.recordId,
    paths.time,
    paths.data,
  ]);
  return [
    '<!-- Written from src/activations/forms/table.ts by its test: npx vitest run src/activations/forms -u -->',
    '# Forms of log records',
    '',
    '`POST /api/v1/events` and `kmswatch import` read these forms and recognise them by their content: a saved log (below),',
    'or text in UTF-8, or in UTF-16 with a byte-order mark. JSON can be an array, one object, or a series of objects, and',
    'may be wrapped in hits or answers of Elasticsearch, in batches of OTLP, or in the `Record N` lines of `evtx_dump`.',
    'Insertion strings are counted from 0. kmswatch finds the fields of event 12290 by their form, so a shipper may drop',
    'the first string. It reads the rendered message only if there are no strings. A record belongs to the machine that its',
    'event names as its computer, not to the collector. Times need an offset from UTC, except in XML, where they are in',
    'UTC. We found no public export of 12290 from a real host; the samples in test/data/events say where each form comes',
    'from.',
    '',
    "kmswatch's own form, one record per line:",
    '',
    '```json',
    EXAMPLE,
    '```',
    '',
    row(columns),
    row(columns.map(() => '---')),
    ...rows.map(row),
    '',
    '## Saved logs',
    '',
    'A saved log (`.evtx`) is read directly, whether Event Viewer saved it, Windows archived it, or you copied it from',
    '`C:\\Windows\\System32\\winevt\\Logs`. It may be one that Windows did not close, and it may be of any length. If a',
    'part is damaged, kmswatch rejects that part with its chunk and its position in the file, and reads everything before',
    'and after it. A part that is missing is reported too: chunks that the header of the file counts and the file does not',
    'have, and empty chunks between others where the numbers of the records do not go on. kmswatch does not check',
    'checksums. It leaves out records that a chunk still contains from an earlier use.',
    '',
    '```sh',
    'kmswatch import KMS.evtx',
    'curl -H "Authorization: Bearer $TOKEN" --data-binary @KMS.evtx https://kmswatch.example.com:11688/api/v1/events',
    '```',
    '',
    'Other readers of this format, with every record and value of public logs compared (test/e2e/evtx-peers.test.ts):',
    '',
    '| what | kmswatch | `evtxexport` | python3-evtx |',
    '| --- | --- | --- | --- |',
    '| hexadecimal numbers | as Windows prints them | padded with zeros | padded with zeros |',
    '| fractions of a second | 7 digits | 9 digits | 6 digits, rounded |',
    '| GUIDs and truth values | {UPPER}, true | the same | {lower}, True |',
    '| a list | an element for each value | the same | texts in one element |',
    '| an element without a value | left out, if it is optional | the same | empty |',
    '| records behind a damaged one in its chunk | read | called recovered | not read |',
    '| records of an earlier use of a chunk | not read: they may have other templates now | called recovered | not read |',
    '| a record that ends in a lost page | rejected | not read | read, with zeros for values |',
    '| elements without what they depend on (MS-EVEN6) | read | not read | not read |',
    '',
    '## Settings of the shippers',
    '',
    ...EVENT_FORMS.map(({ title, setting }) => `* **${title}**. ${setting}`),
    '',
    '## Not read',
    '',
    'A file or body in one of these forms is refused once, by its name. An object with other keys is refused with the keys',
    'that it has. The event data, the record id or the offset of the time cannot be made up from what such a form has.',
    '',
    row(['form', 'why', 'instead']),
    row(['---', '---', '---']),
    ...REFUSED.map(({ name, lacks, remedy }) => row([name, lacks, remedy])),
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
