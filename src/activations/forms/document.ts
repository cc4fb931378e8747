import { EVENT_FORMS } from './table.ts';

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
    'What `POST /api/v1/events` and `kmswatch import` read, told apart by what is in it: a saved log (below), or text in',
    'UTF-8, or UTF-16 with a byte-order mark; JSON as an array, as one object, or as one object after the other. Hits and',
    'answers of Elasticsearch, batches of OTLP and the lines `Record N` of `evtx_dump` may be around the records.',
    'Insertion strings are counted from 0. 12290 is found in them by its fields, so that a shipper may drop the first',
    'string; the rendered message is only read when there are no strings. A record belongs to the machine that its event',
    'names as its computer, whatever collected it. Times need an offset from UTC, except in XML, which has them in UTC.',
    'No export of 12290 from a real host was found in public; the samples in test/data/events say what each form was',
    'written after.',
    '',
    "kmswatch's own form, one record on each line:",
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
    'and after it. It does not check checksums. It leaves out records that a chunk still contains from an earlier use.',
    '',
    '```sh',
    'kmswatch import KMS.evtx',
    'curl -H "Authorization: Bearer $TOKEN" --data-binary @KMS.evtx https://kmswatch.example.com:11688/api/v1/events',
    '```',
    '',
    '## What has to be set',
    '',
    ...EVENT_FORMS.map(({ title, setting }) => `* **${title}**. ${setting}`),
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
