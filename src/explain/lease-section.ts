import { type Seconds, seconds } from '../kernel/time.ts';
import { at, instant, relative, span } from '../kernel/words.ts';
import { ageOf } from '../leases/expiry.ts';
import type { ExplainSettings, LeaseStory, SeenStory } from '../leases/story.ts';
import { causesOf, causesThen, joined, NOTHING, type Part } from './causes.ts';
import type { Verdict } from './explanation.ts';
import { endWords, lapsedWords, lastWords } from './lease-words.ts';
import { blindSpot, isLongSilent, isSilent, machineGoesOn, nextWords, silenceOf } from './timing.ts';

/** What there is to say of one lease. */
export interface LeaseFinding extends Part {
  readonly entry: LeaseStory;
  readonly verdict: Verdict;
  /** A sentence about the machine, without its name: `Windows 11 Enterprise is activated until ...` */
  readonly headline: string;
}

export function leaseFinding(
  entry: LeaseStory,
  story: SeenStory,
  settings: ExplainSettings,
  now: Seconds,
): LeaseFinding {
  switch (entry.state) {
    case 'retired':
      return retired(entry, story, now);
    case 'superseded':
      return superseded(entry, now);
    default:
      return counted(entry, story, settings, now);
  }
}

function retired(entry: LeaseStory, story: SeenStory, now: Seconds): LeaseFinding {
  const since = story.retiredAt === undefined ? '' : ` ${at(story.retiredAt, now)}`;
  return {
    entry,
    verdict: 'out_of_count',
    headline: `was retired${since} with kmswatch retire; no count and no alert includes it.`,
    paragraphs: [
      lastWords(entry, now),
      endWords(entry, now, true),
      'If it asks a host again, it counts again automatically.',
    ],
    actions: [],
  };
}

function superseded(entry: LeaseStory, now: Seconds): LeaseFinding {
  const { successor, product, lease } = entry;
  const what = successor === undefined ? 'another product' : successor.product;
  const when = successor === undefined ? '' : `, ${at(successor.time, now)}`;
  return {
    entry,
    verdict: 'out_of_count',
    headline: `${product} was replaced by ${what} on this machine.`,
    paragraphs: [
      `Replaced by ${what}${when}: the machine has asked for that since. No count and no alert includes this lease. ` +
        `Its last request was ${at(lease.last.time, now)}.`,
    ],
    actions: [],
  };
}

function counted(entry: LeaseStory, story: SeenStory, settings: ExplainSettings, now: Seconds): LeaseFinding {
  const unknown = isSilent(entry, settings, now) && blindSpot(entry, story) !== undefined;
  const isOld = unknown || isLongSilent(entry, settings, now);
  const cause = isOld ? causesThen(entry) : causesOf(entry);
  const silence =
    isSilent(entry, settings, now) && entry.state !== 'renewal_overdue'
      ? `not heard from for ${span(seconds(now - entry.lease.last.time))}`
      : '';
  const because = cause.because === '' ? silence : cause.because;
  const headline = isOld ? silentHeadline(entry, story, settings, now) : headlineOf(entry, because, settings, now);
  const silent = silenceOf(entry, story, settings, now);
  const parts = joined(
    said(lastWords(entry, now)),
    unknown ? blindness(entry, story, now) : NOTHING,
    cause,
    { paragraphs: lapsedWords(entry, story.requests, now), actions: [] },
    said(endWords(entry, now, isOld)),
    said(nextWords(entry, settings, now)),
    silent,
    afterwards(entry),
  );
  // Before anything else it has to ask again.
  const actions = isOld ? [...silent.actions, ...cause.actions] : parts.actions;
  return unknown
    ? { entry, verdict: 'unknown', headline: blindHeadline(entry), ...parts }
    : { entry, verdict: verdictOf(entry), headline, ...parts, actions };
}

function said(paragraph: string): Part {
  return { paragraphs: [paragraph], actions: [] };
}

function verdictOf({ state }: LeaseStory): Verdict {
  if (state === 'valid') return 'activated';
  return state === 'expired' || state === 'unactivated' ? 'not_activated' : 'at_risk';
}

function blindHeadline({ product, lease }: LeaseStory): string {
  return `kmswatch cannot see whether ${product} is activated: the log of ${lease.last.host} is not being read.`;
}

/** Of a machine that is silent for long: that, and what its last word comes to now. */
function silentHeadline(entry: LeaseStory, story: SeenStory, settings: ExplainSettings, now: Seconds): string {
  const { product, lease } = entry;
  const silence = span(seconds(now - lease.last.time));
  const what = machineGoesOn(entry, story, settings)
    ? `has asked for other products, but not for ${product} for ${silence}`
    : `not heard from for ${silence}`;
  return `${what}; ${lastWord(entry, now)}.`;
}

function lastWord({ product, state, expiry }: LeaseStory, now: Seconds): string {
  const end = expiry?.time ?? now;
  switch (state) {
    case 'expired':
      return `${product} lapsed ${relative(end, now)}, ${instant(end)}`;
    case 'expiring':
      return `${product} loses its activation ${relative(end, now)}, ${instant(end)}`;
    case 'unactivated':
      return `${product} was not activated then`;
    case 'renewal_failing':
      return `${product} is activated until ${at(end, now)}, but its renewals failed`;
    default:
      return `${product} is activated until ${at(end, now)}`;
  }
}

function headlineOf(entry: LeaseStory, because: string, { validity }: ExplainSettings, now: Seconds): string {
  const { product, state, expiry } = entry;
  const end = expiry?.time ?? now;
  const why = because === '' ? '' : `: ${because}`;
  switch (state) {
    case 'expired':
      return `${product} is no longer activated; it lapsed ${relative(end, now)}${why}.`;
    case 'expiring':
      return `${product} loses its activation ${relative(end, now)}, ${instant(end)}${why}.`;
    case 'renewal_failing':
      return `${product} is activated until ${at(end, now)}, but its renewals fail${why}.`;
    case 'renewal_overdue':
      return `${product} is activated until ${at(end, now)}, but has not renewed for ${span(seconds(ageOf(end, now, validity)))}${why}.`;
    case 'valid':
      return `${product} is activated until ${at(end, now)}${because === '' ? '' : `; trouble ahead: ${because}`}.`;
    default:
      return `${product} is not activated${why}.`;
  }
}

function blindness({ lease }: LeaseStory, story: SeenStory, now: Seconds): Part {
  const host = story.hosts.find((one) => one.host === lease.last.host);
  const since = host?.lastRecord === undefined ? '' : `: its newest record is from ${at(host.lastRecord, now)}`;
  return {
    paragraphs: [
      `The log of ${lease.last.host} is not being read${since}. The client may have renewed since, unseen, ` +
        'so the rest of this text is as of then.',
    ],
    actions: [
      `Get the log of ${lease.last.host} read again (KmsActivationFeedStale): is its log shipper running, and is the token ` +
        'right? You can import the records it missed: docs/first-lease.md.',
    ],
  };
}

function afterwards({ state, lease }: LeaseStory): Part {
  if (state !== 'expired' || lease.last.cls === 'office') return NOTHING;
  return {
    paragraphs: [
      'A lapsed Windows shows that it is not activated and keeps asking. One successful request repairs it.',
    ],
    actions: [],
  };
}
