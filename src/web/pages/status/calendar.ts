import { DAY_S, seconds } from '../../../kernel/time.ts';
import { span } from '../../../kernel/words.ts';
import type { LeaseSettings } from '../../../leases/types.ts';
import type { LeaseOverview } from '../../../store/queries.ts';
import { type Html, html } from '../../html.ts';
import { table } from '../table.ts';
import { dayOf, dayTime } from '../times.ts';
import { number, type Tone } from '../words.ts';
import type { StatusSnapshot } from './status-snapshot.ts';

/** Pixels. Across it is in per cent of the width, so that its text is as large on a phone as anywhere. */
const HEIGHT = 170;
const LEFT = 46;
const TOP = 8;
/** Between two dates on the axis; on a phone only each third has room. */
const MONTH = 30;
const WEEK = 7;

/** When leases end if nobody renews: a bar a day, and the same as a table by the week. */
export function calendarPart({ overview, leaseSettings }: Pick<StatusSnapshot, 'overview' | 'leaseSettings'>): Html {
  if (typeof overview === 'string') {
    return html`<section><h2>Leases that end in the next days</h2><p class="error">Not known: ${overview}</p></section>`;
  }
  const { ends, asOf } = overview;
  const sum = ends.reduce((all, day) => all + day, 0);
  const heading = html`<h2 id="calendar">Leases that end in the next ${ends.length} days</h2>`;
  if (sum === 0) return html`<section aria-labelledby="calendar">${heading}<p class="quiet">None.</p></section>`;
  const words = summary(overview, leaseSettings);
  return html`<section aria-labelledby="calendar">${heading}
<figure><div class="chart">${chart(overview, leaseSettings, words)}
<ul class="key">${entry('bad', `within ${span(leaseSettings.critical)}`)}${entry('warn', `within ${span(leaseSettings.warn)}`)}${entry('calm', 'later')}</ul></div>
<figcaption class="small">${words} Each bar is a period of 24 hours, starting at ${dayTime(asOf)}, and assumes that no lease is renewed. Each grid line is ten times the one below.</figcaption></figure>
<details id="weeks"><summary>The same by week</summary>${weekTable(overview)}</details></section>`;
}

function summary({ ends }: LeaseOverview, { critical, warn }: LeaseSettings): string {
  const within = (seconds: number) => ends.slice(0, Math.round(seconds / DAY_S)).reduce((sum, day) => sum + day, 0);
  const all = ends.reduce((sum, day) => sum + day, 0);
  return `${number(within(critical))} end within ${span(critical)}, ${number(within(warn))} within ${span(warn)}, ${number(all)} within ${ends.length} days.`;
}

function chart({ ends, asOf }: LeaseOverview, settings: LeaseSettings, words: string): Html {
  const most = Math.max(...ends);
  const decades = Math.max(1, Math.ceil(Math.log10(most + 1)));
  const floor = TOP + HEIGHT;
  // One lease beside a hundred thousand has to show, so the scale is that of orders of magnitude.
  const y = (count: number) =>
    Number((floor - (Math.log10(count + 1) / Math.log10(10 ** decades + 1)) * HEIGHT).toFixed(1));
  const step = 100 / ends.length;
  const x = (day: number) => Number((day * step).toFixed(2));
  const bars = ends.map((count, day) => {
    if (count === 0) return html``;
    const top = y(count);
    const title = `${dayOf(seconds(asOf + day * DAY_S))}: ${number(count)}`;
    return html`<rect class="f-${toneOf(day, settings)}" x="${x(day)}%" y="${top}" width="${(step * 0.8).toFixed(2)}%" height="${(floor - top).toFixed(1)}"><title>${title}</title></rect>`;
  });
  const powers = Array.from({ length: decades + 1 }, (_, power) => 10 ** power);
  const lines = powers.map((count) => html`<line class="grid" x2="100%" y1="${y(count)}" y2="${y(count)}"/>`);
  const names = powers.map(
    (count) => html`<text x="${LEFT - 6}" y="${y(count) + 4}" text-anchor="end">${short(count)}</text>`,
  );
  const ticks = Array.from({ length: Math.floor(ends.length / MONTH) + 1 }, (_, month) => {
    const anchor = month === 0 ? 'start' : month * MONTH >= ends.length - 5 ? 'end' : 'middle';
    return html`<text class="${month % 3 === 0 ? 'major' : 'minor'}" x="${x(month * MONTH)}%" y="${floor + 16}" text-anchor="${anchor}">${dayOf(seconds(asOf + month * MONTH * DAY_S))}</text>`;
  });
  const height = floor + 22;
  return html`<div class="plot"><svg width="${LEFT}" height="${height}" aria-hidden="true">${names}</svg><svg height="${height}" role="img" aria-label="${words}">${lines}${bars}<line class="axis" x2="100%" y1="${floor}" y2="${floor}"/>${ticks}</svg></div>`;
}

function toneOf(day: number, { critical, warn }: LeaseSettings): Tone {
  const end = (day + 1) * DAY_S;
  if (end <= critical) return 'bad';
  return end <= warn ? 'warn' : 'calm';
}

function short(count: number): string {
  if (count >= 1_000_000) return `${count / 1_000_000} M`;
  return count >= 1000 ? `${count / 1000} k` : String(count);
}

function entry(tone: Tone, text: string): Html {
  return html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="f-${tone}" width="10" height="10" rx="2"/></svg>${text}</li>`;
}

function weekTable({ ends, asOf }: LeaseOverview): Html {
  const rows = Array.from({ length: Math.ceil(ends.length / WEEK) }, (_, week) => {
    const days = ends.slice(week * WEEK, (week + 1) * WEEK);
    return [dayTime(seconds(asOf + week * WEEK * DAY_S)), number(days.reduce((sum, day) => sum + day, 0))];
  });
  return table(
    'Leases that end, by week',
    [{ title: 'Week from' }, { title: 'Leases that end', kind: 'number' }],
    rows,
  );
}
