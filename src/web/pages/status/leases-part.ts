import { classWords } from '../../../conditions/words.ts';
import { type Seconds, seconds } from '../../../kernel/time.ts';
import { DIRECTORY } from '../../../leases/migrating.ts';
import type { CountedState } from '../../../leases/types.ts';
import type { Aggregates, ClassAggregates } from '../../../store/aggregates.ts';
import { type Html, html } from '../../html.ts';
import { type Cell, table } from '../table.ts';
import { dayOf, shortTime } from '../times.ts';
import { NOTHING, number, pathWith, sentence, stateWords } from '../words.ts';
import type { StatusSnapshot } from './status-snapshot.ts';

type Migration = NonNullable<Aggregates['migration']>;

const STATES: readonly CountedState[] = [
  'valid',
  'renewal_overdue',
  'renewal_failing',
  'expiring',
  'expired',
  'unactivated',
  'other_license',
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
  if (aggregates === undefined) return NOTHING;
  const { classes, migration } = aggregates;
  if (classes.length === 0 && migration === undefined) return NOTHING;
  return html`<section aria-labelledby="leases"><h2 id="leases">Leases</h2>${migration === undefined ? NOTHING : progress(migration)}${
    classes.length === 0
      ? NOTHING
      : table(
          'Leases by state',
          COLUMNS,
          classes.map((one) => row(one, now)),
        )
  }</section>`;
}

/** How far `leases.migrating` is. */
function progress({ to, since, moved, left, isGuessed }: Migration): Html {
  const where = to === DIRECTORY ? 'directory-based activation' : to;
  const how = isGuessed ? ' They have stopped renewing here; no list says yet how machines are activated.' : '';
  return html`<p>Since ${dayOf(since)}, ${number(moved)} of ${number(moved + left)} machines have moved to ${where}.${how} <a href="/leases?sort=last_request">${number(left)} still renew here</a>.</p>
`;
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
  // Whether a product of unknown pool was activated nobody can tell.
  const isUntold = state === 'unactivated' && cls === 'unknown';
  const words = isUntold ? 'not known' : state === undefined ? 'all' : stateWords(state);
  const what = `${classWords(cls)}, ${words}`;
  return html`<a href="${pathWith('/leases', { class: cls, state })}" aria-label="${number(count)} leases: ${what}">${number(count)}</a>${isUntold ? html`<span class="sub">not known</span>` : NOTHING}`;
}
