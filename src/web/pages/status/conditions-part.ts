import type { OpenCondition } from '../../../conditions/condition.ts';
import { inSeconds, type Seconds } from '../../../kernel/time.ts';
import { type Html, html } from '../../html.ts';
import { fullTime } from '../times.ts';
import { badge, NOTHING } from '../words.ts';
import type { StatusSnapshot } from './status-snapshot.ts';
import { inOrder } from './verdict.ts';

/** More than these nobody reads on one page. */
const SHOWN = 40;

/** What is wrong, since when, and what to do. */
export function conditionsPart({ conditions, isReady, now }: StatusSnapshot): Html {
  if (conditions.length === 0)
    return isReady ? NOTHING : html`<section><p>The first round is still running.</p></section>`;
  const more = conditions.length - SHOWN;
  return html`<section aria-labelledby="open"><h2 id="open">Problems</h2>
<ul class="open">${inOrder(conditions)
    .slice(0, SHOWN)
    .map((condition) => item(condition, now))}</ul>
${more > 0 ? html`<p><a href="/api/v1/conditions">${more} more as JSON</a></p>` : NOTHING}</section>`;
}

function item({ name, severity, summary, remedy, since, firing }: OpenCondition, now: Seconds): Html {
  return html`<li class="with-meta ${severity}${firing ? '' : ' pending'}"><h3>${summary}</h3>
<p>${remedy}</p>
<p class="meta">${severity === 'critical' ? badge('bad', 'critical') : badge('warn', 'warning')} ${firing ? NOTHING : html`${badge('calm', 'pending')} `}<a href="/runbooks/${name}">${name}</a> <span class="since">since ${fullTime(inSeconds(since), now)}</span></p></li>
`;
}
