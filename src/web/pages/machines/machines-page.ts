import { VERDICT_WORDS } from '../../../explain/machine-verdict.ts';
import { counted } from '../../../kernel/words.ts';
import type { MachineJson } from '../../../machines/machine-json.ts';
import { VERDICTS, type Verdict } from '../../../machines/types.ts';
import type { MachineCounts, MachinePage } from '../../../store/machines/machine-types.ts';
import { type Html, html } from '../../html.ts';
import { type Column, table } from '../table.ts';
import { badge, clientLink, NOTHING, name, number, pathWith, type Tone } from '../words.ts';

/** The filter as text: the form shows it again, valid or not. */
export type Asked = Readonly<Record<string, string>>;

const TONES: Readonly<Record<Verdict, Tone>> = {
  gone: 'calm',
  other_activation: 'calm',
  failing: 'bad',
  lapsed: 'bad',
  not_renewing: 'warn',
  never_asked: 'warn',
  renewing: 'ok',
  unknown: 'calm',
};

const COLUMNS: readonly Column[] = [
  { title: 'Machine' },
  { title: 'Verdict' },
  { title: 'Since' },
  { title: 'Last request' },
  { title: 'Host' },
  { title: 'Last seen by' },
  { title: 'System' },
];

/** Every machine with its verdict. @param found or what is wrong @param reading `readingPart` */
export function machinesMain(asked: Asked, found: MachinePage | string, reading: Html): Html {
  return html`<h1>Machines</h1>
<p class="quiet">From the logs of hosts, from lists of machines, and from what machines say of themselves.</p>
${reading}
${typeof found === 'string' ? NOTHING : verdicts(asked, found.counts)}
${filterForm(asked)}
${typeof found === 'string' ? html`<p class="error" role="alert">${found}</p>` : list(asked, found)}`;
}

function verdicts(asked: Asked, { machines, sources }: MachineCounts): Html {
  const to = (verdict: string | undefined) => pathWith('/machines', { ...asked, verdict, cursor: undefined });
  const links = VERDICTS.filter((verdict) => machines[verdict] > 0).map(
    (verdict) =>
      html`<li><a href="${to(verdict)}">${badge(TONES[verdict], VERDICT_WORDS[verdict])}</a> ${number(machines[verdict])}</li>`,
  );
  const none = html`<p class="quiet">No list of machines has been read yet, so kmswatch does not know which machines never ask or are gone.</p>`;
  return html`<ul class="plain">${links}</ul>${sources.length === 0 ? none : NOTHING}`;
}

function filterForm(asked: Asked): Html {
  const option = (value: string, text: string, chosen: string | undefined) =>
    value === chosen
      ? html`<option value="${value}" selected>${text}</option>`
      : html`<option value="${value}">${text}</option>`;
  return html`<form class="filters" action="/machines" method="get" aria-label="Filter machines">
<label class="wider">Machine<input name="client" type="search" maxlength="253" value="${asked['client'] ?? ''}" placeholder="Part of a name" autocomplete="off" spellcheck="false"></label>
<label>Verdict<select name="verdict"><option value="">All</option>${VERDICTS.map((verdict) => option(verdict, VERDICT_WORDS[verdict], asked['verdict']))}</select></label>
<label>Silent for<select name="silent_for"><option value="">Any time</option>${SILENT.map(([value, text]) => option(value, text, asked['silent_for']))}</select></label>
<label>Host<select name="pinned"><option value="">Any</option>${option('true', 'Not published', asked['pinned'])}</select></label>
<button type="submit">Show</button>
${Object.keys(asked).length === 0 ? NOTHING : html`<a href="/machines">Clear</a>`}
</form>`;
}

const SILENT = [
  ['14d', '14 days'],
  ['30d', '30 days'],
  ['90d', '90 days'],
] as const;

function list(asked: Asked, { machines, next_cursor: next }: MachinePage): Html {
  if (machines.length === 0) return html`<p>No machine matches.</p>`;
  const words = `${counted(machines.length, 'machine')}${next === null ? '' : ' on this page; there are more'}.`;
  const csv = pathWith('/machines.csv', { ...asked, cursor: undefined, limit: undefined });
  return html`<div class="over"><p class="quiet" id="count">${words}</p>${next === null ? NOTHING : html`<a href="#pages">End of the list</a>`}<a href="${csv}" download="machines.csv">Download all matches as CSV</a></div>
${table('Machines', COLUMNS, machines.map(row))}
${next === null ? NOTHING : html`<nav class="after" id="pages" aria-label="Pages of the list"><a href="${pathWith('/machines', { ...asked, cursor: next })}" rel="next">Next page</a></nav>`}`;
}

function row(machine: MachineJson) {
  const { sources, host, pinned } = machine;
  const [seen] = sources.toSorted((a, b) => (b.last_seen ?? '').localeCompare(a.last_seen ?? ''));
  return [
    clientLink(machine.machine),
    badge(TONES[machine.verdict], VERDICT_WORDS[machine.verdict]),
    day(machine.since),
    day(machine.last_request),
    host === null ? '–' : html`${name(host)}${pinned ? html` ${badge('warn', 'not published')}` : NOTHING}`,
    seen === undefined ? '–' : `${seen.source}, ${seen.last_seen === null ? 'never' : day(seen.last_seen)}`,
    machine.system ?? '–',
  ];
}

function day(time: string | null): string {
  return time === null ? '–' : time.slice(0, 10);
}
