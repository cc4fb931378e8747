import { type Seconds, seconds } from '../kernel/time.ts';
import { at, instant, relative, span } from '../kernel/words.ts';
import { ageOf } from '../leases/expiry.ts';
import { NOT_COVERED } from '../leases/refused.ts';
import type { ExplainSettings, LeaseStory, SeenStory } from '../leases/story.ts';
import { factsOf } from '../products/product-facts.ts';
import { type Cause, causesOf, causesThen, joined, NOTHING, type Part } from './causes.ts';
import { editionWords, keyGone, notCovered } from './coverage-words.ts';
import type { Verdict } from './explanation.ts';
import { endWords, isUntold, lapsedWords, lastWords } from './lease-words.ts';
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
  const cause = causeOf(entry, story.hosts, isOld, now);
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
    editionWords(entry, story.hosts),
    { paragraphs: lapsedWords(entry, story.requests, now), actions: [] },
    said(endWords(entry, now, isOld)),
    said(nextWords(entry, settings, now)),
    silent,
    afterwards(entry),
  );
  // Before anything else it has to ask again.
  const actions = isOld ? [...silent.actions, ...cause.actions] : parts.actions;
  if (!unknown && isHomeAnswered(entry))
    return { entry, verdict: 'at_risk', headline: homeHeadline(entry), ...parts, actions };
  return unknown
    ? { entry, verdict: 'unknown', headline: blindHeadline(entry), ...parts }
    : { entry, verdict: verdictOf(entry), headline, ...parts, actions };
}

/** KMS never activates a Home edition, whatever a host that answers it has said. */
function isHomeAnswered({ lease: { last } }: LeaseStory): boolean {
  return last.hresult === 0 && factsOf(last.activationId)?.kind === 'home';
}

function homeHeadline({ product, lease: { last } }: LeaseStory): string {
  return `${last.host} answered ${product}, a Home edition, which no genuine KMS host does.`;
}

function causeOf(entry: LeaseStory, hosts: SeenStory['hosts'], isOld: boolean, now: Seconds): Cause {
  if (entry.lease.last.hresult !== NOT_COVERED) {
    if (isOld) return causesThen(entry);
    const gone = entry.state === 'other_license' ? NOTHING : keyGone(entry, hosts, now);
    return gone === NOTHING ? causesOf(entry) : gone;
  }
  const cause = notCovered(entry, hosts);
  return isOld ? { because: '', paragraphs: cause.paragraphs, actions: [] } : cause;
}

function said(paragraph: string): Part {
  return { paragraphs: [paragraph], actions: [] };
}

function verdictOf(entry: LeaseStory): Verdict {
  const { state } = entry;
  if (isUntold(entry)) return 'unknown';
  if (state === 'valid') return 'activated';
  if (state === 'other_license') return 'unknown';
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

function lastWord(entry: LeaseStory, now: Seconds): string {
  const { product, state, expiry } = entry;
  const end = expiry?.time ?? now;
  switch (state) {
    case 'expired':
      return `${product} lapsed ${relative(end, now)}, ${instant(end)}`;
    case 'expiring':
      return `${product} loses its activation ${relative(end, now)}, ${instant(end)}`;
    case 'other_license':
      return `${product} was licensed by something else than KMS`;
    case 'unactivated':
      return isUntold(entry) ? `whether ${product} was activated is not known` : `${product} was not activated then`;
    case 'renewal_failing':
      return `${product} is activated until ${at(end, now)}, but its renewals failed`;
    default:
      return `${product} is activated until ${at(end, now)}`;
  }
}

function headlineOf(entry: LeaseStory, because: string, { validity }: ExplainSettings, now: Seconds): string {
  const { product, state, expiry } = entry;
  if (isUntold(entry)) return `whether ${product} is activated is not known: kmswatch does not know this product.`;
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
    case 'other_license':
      return `${product} is licensed by something else than KMS, as far as it says.`;
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
      `Get the log of ${lease.last.host} read (KmsActivationFeedStale). If a shipper sends it: is it running, and is the ` +
        'token right? If it was imported, import what was written since, or set up a shipper: docs/first-lease.md.',
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
