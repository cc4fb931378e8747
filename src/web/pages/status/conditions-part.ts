import type { OpenCondition } from '../../../conditions/condition.ts';
import { byCause, type Cause, onePerFault, summariesOf } from '../../../conditions/explained.ts';
import { inSeconds, type Millis, type Seconds } from '../../../kernel/time.ts';
import { counted, listed } from '../../../kernel/words.ts';
import { type Html, html } from '../../html.ts';
import { advice } from '../advice.ts';
import { fullTime } from '../times.ts';
import { badge, NOTHING } from '../words.ts';
import type { StatusSnapshot } from './status-snapshot.ts';
import { inOrder } from './verdict.ts';

/** More than these nobody reads on one page. */
const SHOWN = 40;

/** Domains that one text names. */
const MOST_DOMAINS = 8;

/** What is wrong, since when, and what to do: the causes, and below each what follows from it. */
export function conditionsPart({ conditions, isReady, now }: StatusSnapshot): Html {
  if (conditions.length === 0)
    return isReady ? NOTHING : html`<section><p>The first round is still running.</p></section>`;
  const causes = byCause(inOrder(conditions));
  const more = causes.length - SHOWN;
  return html`<section aria-labelledby="open"><h2 id="open">Problems</h2>
<ul class="open">${causes.slice(0, SHOWN).map((cause) => item(cause, now))}</ul>
${more > 0 ? html`<p><a href="/api/v1/conditions">${more} more as JSON</a></p>` : NOTHING}</section>`;
}

function item({ head, same, follows }: Cause<OpenCondition>, now: Seconds): Html {
  const { name, severity, summary, remedy, since, firing, overSince } = head;
  return html`<li class="with-meta ${severity}${firing ? '' : ' pending'}"><h3>${summary}</h3>
<div><p>${advice(remedy)}</p>${alsoIn(head, same)}${effects(head, follows, now)}</div>
<p class="meta">${severity === 'critical' ? badge('bad', 'critical') : badge('warn', 'warning')} ${firing ? NOTHING : html`${badge('calm', 'pending')} `}<a href="/runbooks/${name}">${name}</a> <span class="since">since ${fullTime(inSeconds(since), now)}</span>${over(overSince, now)}</p></li>
`;
}

/** Of what is over, and is kept a while longer, so that a value that wavers is one alert. */
function over(overSince: Millis | undefined, now: Seconds): Html {
  if (overSince === undefined) return NOTHING;
  return html` ${badge('ok', 'over')} <span class="since">since ${fullTime(inSeconds(overSince), now)}</span>`;
}

/** The same of further classes, and the further domains in which it is the same. */
function alsoIn(head: OpenCondition, same: readonly OpenCondition[]): Html {
  const [, ...classes] = summariesOf([head, ...same]);
  const domains = new Set(same.flatMap(({ subject }) => subject['domain'] ?? []));
  domains.delete(head.subject['domain'] ?? '');
  return html`${classes.map((summary) => html`<p>${summary}.</p>`)}${inDomains(head, [...domains].toSorted())}`;
}

function inDomains(head: OpenCondition, domains: readonly string[]): Html {
  if (domains.length === 0) return NOTHING;
  return html`<p>${head.subject['domain'] === undefined ? 'In' : 'The same in'} ${listed(domains, MOST_DOMAINS)}.</p>`;
}

/** What follows from it, folded away: there is nothing to do about it but to fix the cause. */
function effects(head: OpenCondition, follows: readonly OpenCondition[], now: Seconds): Html {
  if (follows.length === 0) return NOTHING;
  const faults = onePerFault(follows);
  return html`<details id="${idOf(head)}"><summary>${counted(faults.length, 'problem follows', 'problems follow')} from this</summary><ul>${faults.map(
    ({ name, summary, since }) =>
      html`<li>${summary} <span class="quiet">(<a href="/runbooks/${name}">${name}</a>, since ${fullTime(inSeconds(since), now)})</span></li>`,
  )}</ul></details>`;
}

/** By it, what is unfolded stays so when the page is renewed. */
function idOf({ name, severity, subject }: OpenCondition): string {
  return ['after', name, severity, ...Object.values(subject)].join('-').replaceAll(/[^A-Za-z0-9]+/g, '-');
}
