import { hostsReading, logsRead } from '../../../estate/log-reading.ts';
import type { EndpointSnapshot, HostSnapshot, ReportSnapshot } from '../../../estate/snapshot.ts';
import { inSeconds, type Seconds } from '../../../kernel/time.ts';
import type { HostAggregates } from '../../../store/aggregates.ts';
import { type Html, html } from '../../html.ts';
import { type Cell, table } from '../table.ts';
import { shortTime } from '../times.ts';
import { badge, hostPort, latency, NOTHING, number } from '../words.ts';
import type { StatusSnapshot } from './status-snapshot.ts';

/** Those that are not well come first; what follows them is more of the same. */
const SHOWN = 150;

const COLUMNS = [
  { title: 'Host' },
  { title: 'Answers' },
  { title: 'Latency', kind: 'number' },
  { title: 'Report' },
  { title: 'Log' },
  { title: 'Clients in 30 days', kind: 'number' },
  { title: 'Probed' },
] as const;

interface Known {
  readonly host: HostSnapshot | undefined;
  readonly log: HostAggregates | undefined;
  /** Undefined: nothing is to read it, and nothing came. */
  readonly isRead: boolean | undefined;
  /** Its history is still coming in. */
  readonly isReading: boolean;
  readonly now: Seconds;
  readonly logsNow: Seconds;
}

export function hostsPart({ estate, logs, now }: StatusSnapshot): Html {
  const { endpoints, hosts } = estate;
  if (endpoints.length === 0) {
    return html`<section><h2>KMS hosts</h2><p>None found. Set <code>discovery.domains</code> or <code>hosts</code> in the configuration.</p></section>`;
  }
  const byName = new Map(hosts.map((host) => [host.host, host]));
  const aggregates = new Map((logs.aggregates?.hosts ?? []).map((host) => [host.host, host]));
  const read = logsRead(estate, logs);
  const reading = hostsReading(logs);
  const shown = endpoints.toSorted((a, b) => rank(a) - rank(b)).slice(0, SHOWN);
  const rows = shown.map((endpoint) => {
    const { host } = endpoint;
    return row(endpoint, {
      host: byName.get(host),
      log: aggregates.get(host),
      isRead: read.get(host),
      isReading: reading.has(host),
      now,
      logsNow: logs.now,
    });
  });
  const more = endpoints.length - shown.length;
  return html`<section aria-labelledby="hosts"><h2 id="hosts">KMS hosts</h2>${table('KMS hosts', COLUMNS, rows)}
${more > 0 ? html`<p class="quiet">${more} more, none worse than these.</p>` : NOTHING}</section>`;
}

function rank({ up, genuine }: EndpointSnapshot): number {
  if (up === false) return 0;
  if (genuine === false) return 1;
  return up === undefined ? 2 : 3;
}

function row(endpoint: EndpointSnapshot, known: Known): readonly Cell[] {
  const { host, port, probe, lastProbe, isProbed } = endpoint;
  return [
    html`${hostPort(host, port)}${standing(known.host)}`,
    outcome(endpoint),
    roundTrip(probe),
    report(known.host?.report, known.now),
    log(known),
    (known.log?.pools ?? []).length === 0
      ? '–'
      : html`${known.log?.pools.map(({ pool, census }) => html`${number(census)}<span class="sub">${pool}</span>`) ?? []}`,
    !isProbed ? '–' : lastProbe === undefined ? 'never' : shortTime(inSeconds(lastProbe), known.now),
  ];
}

function standing(host: HostSnapshot | undefined): Html {
  if (host?.published === false) return html`<span class="sub">not in DNS</span>`;
  return host?.published === true && !host.expected ? html`<span class="sub">found in DNS</span>` : NOTHING;
}

function outcome({ probe, genuine, unknown, isProbed }: EndpointSnapshot): Html {
  if (!isProbed) return html`${badge('calm', 'not probed')}`;
  if (probe === undefined) return html`${badge('calm', 'not known')}`;
  if (unknown) {
    return html`${badge('calm', 'not known')}<span class="sub">${probe.detail}</span>`;
  }
  if (probe.outcome !== 'ok') return html`${badge('bad', probe.outcome)}<span class="sub">${probe.detail}</span>`;
  if (genuine !== false) return badge('ok', 'ok');
  return html`${badge('warn', 'not genuine')}<span class="sub">It accepts any interface, as emulators do.</span>`;
}

function roundTrip(probe: EndpointSnapshot['probe']): string {
  const { connect, bind } = probe?.phases ?? {};
  return connect === undefined || bind === undefined ? '–' : latency(connect + bind);
}

function report(report: ReportSnapshot | undefined, now: Seconds): Html {
  if (report === undefined) return html`<span class="quiet">not configured</span>`;
  const last = report.last && html`<span class="sub">${shortTime(inSeconds(report.last.time), now)}</span>`;
  if (report.up === undefined) return html`${badge('calm', 'waiting')}${last ?? NOTHING}`;
  if (!report.up)
    return html`${badge('warn', 'no report')}<span class="sub">${report.failure ?? ''}</span>${last ?? NOTHING}`;
  if (report.fresh?.keys.length === 0)
    return html`${badge('warn', 'no host key')}<span class="sub">It reports, but names no KMS host key.</span>${last ?? NOTHING}`;
  return html`${badge('ok', 'reports')}${last ?? NOTHING}`;
}

function log({ host, log: heard, isRead, isReading, logsNow }: Known): Html {
  const newest = heard?.lastEvent;
  const last = newest === undefined ? NOTHING : html`<span class="sub">newest ${shortTime(newest, logsNow)}</span>`;
  if (isReading)
    return html`${badge('calm', 'still reading')}<span class="sub">so far until ${newest === undefined ? '–' : shortTime(newest, logsNow)}</span>`;
  if (isRead === true) return html`${badge('ok', 'read')}${last}`;
  if (isRead === undefined && newest !== undefined) return html`${badge('calm', 'imported')}${last}`;
  if (isRead === undefined) return html`<span class="quiet">not read</span>`;
  const failure = host?.subscription?.failure;
  return html`${badge('warn', 'not read')}${failure === undefined ? NOTHING : html`<span class="sub">${failure}</span>`}${last}`;
}
