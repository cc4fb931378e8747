import { classWords } from '../../../conditions/words.ts';
import { type Failover, failovers } from '../../../estate/domain-margins.ts';
import { counted } from '../../../kernel/words.ts';
import { type Html, html } from '../../html.ts';
import { type Cell, table } from '../table.ts';
import { badge, NOTHING, name, number } from '../words.ts';
import type { StatusSnapshot } from './status-snapshot.ts';

/** The worst of them. */
const SHOWN = 30;

const COLUMNS = [
  { title: 'If this host dies' },
  { title: 'Domain' },
  { title: 'For' },
  { title: 'Then' },
  { title: 'Who is left' },
] as const;

/** From best to worst. */
const OUTCOMES = ['taken over', 'not known', 'delayed', 'nobody'] as const;

/** Whether another host of the domain could take over, before it has to. */
export function failoverPart({ estate, logs }: StatusSnapshot): Html {
  const all = failovers(estate, logs).toSorted((a, b) => rankOf(b) - rankOf(a));
  if (all.length === 0) return NOTHING;
  const more = all.length - SHOWN;
  return html`<section aria-labelledby="failover"><h2 id="failover">If a host dies</h2>
<p class="quiet">Clients find the other hosts of their domain by themselves, but a host activates nobody until enough of them have asked it.</p>
${table(
  'If a host dies',
  COLUMNS,
  all.slice(0, SHOWN).map((one) => row(one, logs.thresholds[one.cls])),
)}
${more > 0 ? html`<p class="quiet">${more} more, none of them worse.</p>` : NOTHING}</section>`;
}

function row(failover: Failover, needed: number): readonly Cell[] {
  const { host, domain, cls, others } = failover;
  const left = others.map(
    ({ host: other, margin }, index) =>
      html`${index === 0 ? '' : ', '}${name(other)} (${margin === undefined ? 'count not known' : `${number(needed + margin)} of ${needed}`})`,
  );
  return [name(host), name(domain), classWords(cls), then(failover), left.length === 0 ? '–' : html`${left}`];
}

function then({ others, ...rest }: Failover): Html {
  const best = Math.max(...others.map(({ margin }) => margin ?? Number.NEGATIVE_INFINITY));
  switch (outcomeOf({ others, ...rest })) {
    case 'taken over':
      return badge('ok', 'another host takes over');
    case 'not known':
      return badge('warn', 'not known');
    case 'delayed':
      return html`${badge('warn', 'nobody at first')} until ${counted(-best, 'more client')} have asked`;
    case 'nobody':
      return badge('bad', 'nobody takes over');
  }
}

function outcomeOf({ others }: Failover): (typeof OUTCOMES)[number] {
  if (others.length === 0) return 'nobody';
  if (others.some(({ margin = -1 }) => margin >= 0)) return 'taken over';
  return others.some(({ margin }) => margin === undefined) ? 'not known' : 'delayed';
}

function rankOf(failover: Failover): number {
  return OUTCOMES.indexOf(outcomeOf(failover));
}
