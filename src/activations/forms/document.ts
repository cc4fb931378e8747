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
    '`POST /api/v1/events` and `kmswatch import` read these forms and recognise them by their content. Text can be UTF-8,',
    'or UTF-16 with a byte-order mark. JSON can be an array, one object, or a series of objects. Insertion strings are',
    'counted from 0. kmswatch finds the fields of event 12290 by their form, so a shipper may drop the first string. It',
    'reads the rendered message only if there are no strings. Times need an offset from UTC. We found no public export of',
    '12290 from a real host; the samples in test/data/events say where each form comes from.',
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
    '## Settings of the shippers',
    '',
    ...EVENT_FORMS.map(({ title, setting }) => `* **${title}**. ${setting}`),
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
