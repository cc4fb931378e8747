import { classWords } from '../../../conditions/words.ts';
import { type Seconds, seconds } from '../../../kernel/time.ts';
import type { CountedState } from '../../../leases/types.ts';
import type { ClassAggregates } from '../../../store/aggregates.ts';
import { type Html, html } from '../../html.ts';
import { type Cell, table } from '../table.ts';
import { shortTime } from '../times.ts';
import { NOTHING, number, pathWith, sentence, stateWords } from '../words.ts';
import type { StatusSnapshot } from './status-snapshot.ts';

const STATES: readonly CountedState[] = [
  'valid',
  'renewal_overdue',
  'renewal_failing',
  'expiring',
  'expired',
  'unactivated',
];

const COLUMNS = [
  { title: 'Leases of' },
  { title: 'All', kind: 'number' },
  ...STATES.map((state) => ({ title: sentence(stateWords(state)), kind: 'number' as const })),
  { title: 'Next to end' },
] as const;

/** How many leases are in which state; each number leads to its list. */
export function leasesPart({ logs }: StatusSnapshot): Html {
  const { aggregates, now } = logs;
  if (aggregates === undefined || aggregates.classes.length === 0) return NOTHING;
  return html`<section aria-labelledby="leases"><h2 id="leases">Leases</h2>${table(
    'Leases by state',
    COLUMNS,
    aggregates.classes.map((one) => row(one, now)),
  )}</section>`;
}

function row({ cls, tally }: ClassAggregates, now: Seconds): readonly Cell[] {
  return [
    sentence(classWords(cls)),
    link(tally.leases, cls),
    ...STATES.map((state) => link(tally.states[state], cls, state)),
    tally.nextExpiry === undefined ? '–' : shortTime(seconds(tally.nextExpiry), now),
  ];
}

function link(count: number, cls: string, state?: CountedState): Cell {
  if (count === 0) return html`<span class="quiet">0</span>`;
  const what = `${classWords(cls)}, ${state === undefined ? 'all' : stateWords(state)}`;
  return html`<a href="${pathWith('/leases', { class: cls, state })}" aria-label="${number(count)} leases: ${what}">${number(count)}</a>`;
}
