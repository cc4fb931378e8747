import { rfc3339OfSeconds, type Seconds } from '../../kernel/time.ts';
import { instant, relative } from '../../kernel/words.ts';
import { type Html, html } from '../html.ts';

/** `2026-12-06 03:00 UTC (in 12 days)`. @param time seconds since the epoch */
export function fullTime(time: Seconds, now: Seconds): Html {
  return html`<time datetime="${rfc3339OfSeconds(time)}">${instant(time)}</time> <span class="quiet">(${relative(time, now)})</span>`;
}

/** `in 12 days`; the moment itself for those who point at it. */
export function shortTime(time: Seconds, now: Seconds): Html {
  return html`<time datetime="${rfc3339OfSeconds(time)}" title="${instant(time)}">${relative(time, now)}</time>`;
}

/** `2026-12-06`. */
export function dayTime(time: Seconds): Html {
  return html`<time datetime="${rfc3339OfSeconds(time)}">${dayOf(time)}</time>`;
}

export function dayOf(time: Seconds): string {
  return rfc3339OfSeconds(time).slice(0, 10);
}
