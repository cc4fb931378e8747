import { formatHostPort } from '../../kernel/address.ts';
import type { LeaseState } from '../../leases/types.ts';
import { Html, html } from '../html.ts';

/** Made for the first page: the tables behind `Intl` are 8 MB. */
let format: Intl.NumberFormat | undefined;

/** `1,234,567`. */
export function number(value: number): string {
  format ??= new Intl.NumberFormat('en');
  return format.format(value);
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
  other_license: 'licensed, but not by KMS',
  unactivated: 'not activated',
  superseded: 'superseded',
  retired: 'retired',
};

/** The urgency of a state: the few colours of all pages. */
export type Tone = 'ok' | 'warn' | 'bad' | 'calm';

const STATE_TONES: Readonly<Record<LeaseState, Tone>> = {
  valid: 'ok',
  renewal_overdue: 'warn',
  renewal_failing: 'warn',
  expiring: 'warn',
  expired: 'bad',
  other_license: 'calm',
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

/** A name from outside: right-to-left text stays contained, and a line may break between labels. */
export function name(text: string): Html {
  return html`<bdi>${text.split('.').map((label, index) => (index === 0 ? html`${label}` : html`<wbr>.${label}`))}</bdi>`;
}

/** A host and its port, which a line may end before. */
export function hostPort(host: string, port: number): Html {
  if (port === 1688) return name(host);
  const end = `:${port}`;
  return html`${name(formatHostPort(host, port).slice(0, -end.length))}<wbr>${end}`;
}

/** The path of a machine's page. */
function clientPath(client: string): string {
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

/** With a capital at its beginning. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const NOTHING = new Html('');

/** Lone surrogates, which no address can have, become the sign for what cannot be shown. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}
