import type { Forecast, HostForecast } from '../../store/queries.ts';
import { type Html, html } from '../html.ts';
import { type Cell, table } from './table.ts';
import { shortTime } from './times.ts';
import { badge, number } from './words.ts';

/** Counts and when they fall below their thresholds. @param found or why there is nothing @param reading `readingPart` */
export function forecastMain(without: string | undefined, found: Forecast | string, reading: Html): Html {
  return html`<h1>Forecast</h1>
<p class="quiet">When does a host have too few clients to activate anybody? A host counts a client for 30 days.</p>
${reading}
<form action="/forecast" method="get" role="search" aria-label="Machines that stop"><label for="without">Without</label> <input id="without" name="without" type="search" maxlength="256" value="${without ?? ''}" placeholder="for example br7-*" autocomplete="off" spellcheck="false"> <button>Show</button></form>
${typeof found === 'string' ? html`<p class="error" role="alert">${found}</p>` : tableOf(found)}`;
}

function tableOf(forecast: Forecast): Html {
  const { without, stopping, hosts } = forecast;
  const csv = without === null ? '/forecast.csv' : `/forecast.csv?without=${encodeURIComponent(without)}`;
  const what =
    without === null
      ? html`If no more clients ask.`
      : html`If the clients called like ${without} stop asking now, and all others go on: ${number(stopping ?? 0)} of them.`;
  return html`<section><h2>${without === null ? 'Hosts and classes' : 'Without them'}</h2>
<p>${what} <a href="${csv}">As CSV</a></p>
${
  hosts.length === 0
    ? html`<p>No log of a host has a request of the last 30 days.</p>`
    : table(
        'forecast',
        COLUMNS,
        hosts.map((host) => row(host, forecast)),
      )
}</section>`;
}

const COLUMNS = [
  { title: 'Host' },
  { title: 'Class' },
  { title: 'Count now', kind: 'number' },
  { title: 'Needed', kind: 'number' },
  { title: 'Counted in 30 days', kind: 'number' },
  { title: 'Below from' },
  { title: 'Leases that end', kind: 'number' },
] as const;

function row(one: HostForecast, { asOf }: Forecast): readonly Cell[] {
  const { host, cls, count, threshold, census, breach, ends } = one;
  const left = census?.[30];
  const below = breach === null ? (count === null ? '–' : badge('ok', 'never')) : shortTime(breach, asOf);
  return [
    host,
    cls,
    count === null ? 'not known' : number(count),
    threshold === null ? '–' : number(threshold),
    left === undefined ? '–' : number(left),
    breach !== null && breach <= asOf ? badge('bad', 'now') : below,
    number(ends.reduce((sum, each) => sum + each, 0)),
  ];
}
