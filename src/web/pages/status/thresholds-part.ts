import { classWords } from '../../../conditions/words.ts';
import { heardHosts } from '../../../estate/log-reading.ts';
import type { HostName } from '../../../kernel/host-name.ts';
import type { Seconds } from '../../../kernel/time.ts';
import { counted } from '../../../kernel/words.ts';
import type { ThresholdClass } from '../../../leases/types.ts';
import { poolOf } from '../../../products/product.ts';
import { type Html, html } from '../../html.ts';
import { type Cell, table } from '../table.ts';
import { shortTime } from '../times.ts';
import { badge, NOTHING, name, number, type Tone } from '../words.ts';
import type { StatusSnapshot } from './status-snapshot.ts';

/** The nearest to their threshold; the others are well. */
const SHOWN = 30;
/** A bar ends at this many times the threshold. */
const BAR_END = 3;

const COLUMNS = [
  { title: 'Host' },
  { title: 'For' },
  { title: 'Clients and threshold' },
  { title: 'True count', kind: 'number' },
  { title: 'Host reports', kind: 'number' },
  { title: 'Needed', kind: 'number' },
  { title: 'Margin', kind: 'number' },
  { title: 'Falls below' },
] as const;

interface Threshold {
  readonly host: HostName;
  readonly cls: ThresholdClass;
  /** Of the last 30 days: the host's own number if it is exact, else the larger of that and what its log shows. */
  readonly count: number;
  /** As the host reports it, which is at most twice what is needed. */
  readonly said: number | undefined;
  readonly needed: number;
  readonly margin: number;
  readonly breach: Seconds | undefined;
  readonly tone: Tone;
}

/** How far each host is from its threshold: by the records of its log, and by what it says itself. */
export function thresholdsPart(snapshot: StatusSnapshot): Html {
  const all = thresholdsOf(snapshot).toSorted((a, b) => a.margin - b.margin);
  if (all.length === 0) return NOTHING;
  const more = all.length - SHOWN;
  const last = all[SHOWN - 1]?.margin ?? 0;
  return html`<section aria-labelledby="thresholds"><h2 id="thresholds">Thresholds</h2>
<p class="quiet">A host activates a class of products once enough machines have asked it within 30 days. The number it reports stops at twice the threshold: below that it is the count. Otherwise the count comes from the records of its log.</p>
${table(
  'Thresholds',
  COLUMNS,
  all.slice(0, SHOWN).map((one) => row(one, snapshot.logs.now)),
)}
${more > 0 ? html`<p class="quiet">${more} more, each at least ${counted(last, 'client')} above.</p>` : NOTHING}</section>`;
}

function thresholdsOf({ estate, logs }: StatusSnapshot): readonly Threshold[] {
  const reports = new Map(estate.hosts.map(({ host, report }) => [host, report?.fresh]));
  return heardHosts(estate, logs).flatMap(({ host, margins }) =>
    margins.map(({ cls, margin, breach }) => {
      const pool = poolOf(cls);
      const own = (reports.get(host)?.keys ?? []).filter((key) => key.pool === pool);
      const said = own.flatMap(({ clients }) => (clients === undefined ? [] : [clients]));
      return {
        host,
        cls,
        count: margin + logs.thresholds[cls],
        said: said.length === 0 ? undefined : Math.min(...said),
        needed: logs.thresholds[cls],
        margin,
        breach,
        tone: margin < 0 ? 'bad' : margin < logs.warnMargins[cls] ? 'warn' : 'ok',
      };
    }),
  );
}

function row(one: Threshold, now: Seconds): readonly Cell[] {
  const { host, cls, count, said, needed, margin, breach, tone } = one;
  return [
    name(host),
    classWords(cls),
    bar(one),
    number(count),
    said === undefined
      ? '–'
      : html`${number(said)}${said >= 2 * needed ? html`<span class="sub">its cap</span>` : NOTHING}`,
    number(needed),
    badge(tone, `${margin < 0 ? '−' : '+'}${number(Math.abs(margin))}`),
    breach === undefined ? '–' : breach <= now ? html`${badge('bad', 'now')}` : shortTime(breach, now),
  ];
}

function bar({ count, said, needed, tone }: Threshold): Html {
  const end = needed * BAR_END;
  const part = (clients: number) => Number(((Math.min(clients, end) / end) * 100).toFixed(1));
  const need = part(needed);
  const words = `${number(count)} of ${number(needed)} needed`;
  const host = said === undefined ? NOTHING : html`<path class="said" d="M${part(said)} 0V10"/>`;
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${words}"><rect class="track" width="100" height="10"/><rect class="f-${tone}" width="${part(count)}" height="10"/>${host}<path class="need" d="M${need} 0V10"/></svg>`;
}
