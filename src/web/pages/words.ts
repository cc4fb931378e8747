import type { LeaseState } from '../../leases/types.ts';
import { Html, html } from '../html.ts';

const NUMBER = new Intl.NumberFormat('en');

/** `1,234,567`. */
export function number(value: number): string {
  return NUMBER.format(value);
}

/** Seconds as a person reads a latency: `0.4 ms`, `12 ms`, `1.3 s`. */
export function latency(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(1)} s`;
  const milliseconds = seconds * 1000;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

const STATE_WORDS: Readonly<Record<LeaseState, string>> = {
  valid: 'valid',
  renewal_overdue: 'renewal overdue',
  renewal_failing: 'renewal failing',
  expiring: 'expiring',
  expired: 'expired',
  unactivated: 'not activated',
  superseded: 'superseded',
  retired: 'retired',
};

/** What a state means for whoever has to do something: the few colours of all pages. */
export type Tone = 'ok' | 'warn' | 'bad' | 'calm';

const STATE_TONES: Readonly<Record<LeaseState, Tone>> = {
  valid: 'ok',
  renewal_overdue: 'warn',
  renewal_failing: 'warn',
  expiring: 'warn',
  expired: 'bad',
  unactivated: 'bad',
  superseded: 'calm',
  retired: 'calm',
};

export function stateWords(state: LeaseState): string {
  return STATE_WORDS[state];
}

/** A word with a colour that never says more than the word. */
export function badge(tone: Tone, text: string): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}

export function stateBadge(state: LeaseState): Html {
  return badge(STATE_TONES[state], stateWords(state));
}

/** A name from outside: what is written from right to left stays within itself. */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

/** Where the page of a machine stands. */
export function clientPath(client: string): string {
  return `/clients/${encodeURIComponent(wellFormed(client))}`;
}

export function clientLink(client: string): Html {
  return html`<a href="${clientPath(client)}">${name(client)}</a>`;
}

/** A path with parameters; those that are empty are left out. */
export function pathWith(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(key, value);
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

export const NOTHING = new Html('');

/** Lone surrogates, which no address can have, become the sign for what cannot be shown. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}
