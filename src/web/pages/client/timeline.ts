import { DAY_S, type Seconds, seconds } from '../../../kernel/time.ts';
import { counted, instant, relative } from '../../../kernel/words.ts';
import type { LeaseStory, RequestStory, SeenStory } from '../../../leases/story.ts';
import { explainResult } from '../../../products/activation-result.ts';
import { type Html, html } from '../../html.ts';
import { dayOf } from '../times.ts';
import { NOTHING, stateBadge, type Tone } from '../words.ts';

/** Further back a year of weekly requests is a blur. */
const BACK = 200 * DAY_S;
/** Of a machine that is made again every day, the newest. */
const LEASES_SHOWN = 4;

/** The leases of a machine in time: what it asked, what it was answered, and how long that lasts. */
export function timelines(story: SeenStory, now: Seconds): Html {
  const inUse = story.leases.filter(({ state }) => state !== 'superseded');
  const shown = (inUse.length > 0 ? inUse : story.leases)
    .toSorted((a, b) => b.lease.last.time - a.lease.last.time)
    .slice(0, LEASES_SHOWN);
  if (shown.length === 0) return NOTHING;
  return html`<section aria-labelledby="time"><h2 id="time">Timeline</h2>${shown.map((one) => timeline(one, story, now))}
<ul class="key">${entry('ok', 'request, answered')}${entry('bad', 'request, refused')}${entry('calm', 'how long the activation lasts')}</ul></section>`;
}

function timeline(one: LeaseStory, { requests }: SeenStory, now: Seconds): Html {
  const { lease, product, expiry, state } = one;
  const own = requests.filter(
    ({ request }) => request.clientId === lease.clientId && request.activationId === lease.activationId,
  );
  const oldest = Math.min(now - 7 * DAY_S, ...own.map(({ request }) => request.time));
  const from = Math.max(oldest, now - BACK);
  const until = Math.max(now + 7 * DAY_S, expiry?.time ?? 0);
  // In per cent of the width, so that its text is as large on a phone as anywhere.
  const x = (time: Seconds) =>
    Number(((100 * (Math.min(Math.max(time, from), until) - from)) / (until - from)).toFixed(2));
  const dots = own.filter(({ request }) => request.time >= from).map((each) => dot(each, x(each.request.time)));
  const words = wordsOf(one, own, now);
  const nowAt = x(now);
  return html`<figure class="chart"><figcaption>${product} ${stateBadge(state)} <span class="small">${words}</span></figcaption><svg class="line" role="img" aria-label="${words}"><rect class="lane" y="18" width="100%" height="16" rx="3"/>${lasting(one, x)}${dots}<line class="now" x1="${nowAt}%" x2="${nowAt}%" y1="14" y2="40"/><text y="54">${dayOf(seconds(from))}</text><text x="${nowAt}%" y="11" text-anchor="${anchorAt(nowAt)}">now</text><text x="100%" y="54" text-anchor="end">${dayOf(seconds(until))}</text></svg></figure>`;
}

/** From the last renewal, or the first request, to the end. */
function lasting({ lease, expiry }: LeaseStory, x: (time: Seconds) => number): Html {
  if (expiry === undefined) return NOTHING;
  const from = x(lease.renewal?.time ?? lease.first);
  const width = Math.max(0.2, x(expiry.time) - from);
  return html`<rect class="f-calm" x="${from}%" y="18" width="${width.toFixed(2)}%" height="16" rx="3"/>`;
}

function dot({ request: { time, hresult } }: RequestStory, x: number): Html {
  const title = `${instant(time)}: ${explainResult(hresult).label}`;
  return html`<circle class="f-${hresult === 0 ? 'ok' : 'bad'}" cx="${x}%" cy="26" r="4"><title>${title}</title></circle>`;
}

function wordsOf({ lease, expiry }: LeaseStory, own: readonly RequestStory[], now: Seconds): string {
  const refused = own.filter(({ request }) => request.hresult !== 0).length;
  const count = `${counted(own.length, 'request')} known, ${refused} refused, the last ${relative(lease.last.time, now)}.`;
  if (expiry === undefined) return `${count} Not activated.`;
  const verb = expiry.time > now ? 'Ends' : 'Ended';
  return `${count} ${verb} ${instant(expiry.time)}, ${relative(expiry.time, now)}.`;
}

function entry(tone: Tone, text: string): Html {
  return html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><circle class="f-${tone}" cx="5" cy="5" r="4.5"/></svg>${text}</li>`;
}

/** Its text must not run out of the picture, also where that is small. */
function anchorAt(percent: number): 'start' | 'middle' | 'end' {
  if (percent < 5) return 'start';
  return percent > 95 ? 'end' : 'middle';
}
