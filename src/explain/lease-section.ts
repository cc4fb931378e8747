import { ageOf, type Expiry } from '../leases/expiry.ts';
import { MINUTE } from '../leases/seconds.ts';
import type { LeaseRequest } from '../leases/types.ts';
import { causesOf, joined, NOTHING, type Part } from './causes.ts';
import type { Verdict } from './explanation.ts';
import { statusWords } from './status-words.ts';
import type { ExplainSettings, LeaseStory, SeenStory } from './story.ts';
import { blindSpot, isSilent, nextWords, silenceOf } from './timing.ts';
import { at, instant, plural, relative, span } from './words.ts';

/** Out-of-box, out-of-tolerance and extended grace (Microsoft, `SoftwareLicensingProduct.LicenseStatus`). */
const IN_GRACE: ReadonlySet<number> = new Set([2, 3, 6]);

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
  now: number,
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

function retired(entry: LeaseStory, story: SeenStory, now: number): LeaseFinding {
  const since = story.retiredAt === undefined ? '' : ` ${at(story.retiredAt, now)}`;
  return {
    entry,
    verdict: 'out_of_count',
    headline: `was retired by command${since}; it is in no count and no alert.`,
    paragraphs: [lastWords(entry, now), endWords(entry, now), 'Should it ask a host again, it counts again by itself.'],
    actions: [],
  };
}

function superseded(entry: LeaseStory, now: number): LeaseFinding {
  const { successor, product, lease } = entry;
  const what = successor === undefined ? 'another product' : successor.product;
  const when = successor === undefined ? '' : `, ${at(successor.time, now)}`;
  return {
    entry,
    verdict: 'out_of_count',
    headline: `${product} was replaced by ${what} on this machine.`,
    paragraphs: [
      `Replaced by ${what}${when}: the machine has asked for that since. This lease is in no count and no alert. ` +
        `Its last request was ${at(lease.last.time, now)}.`,
    ],
    actions: [],
  };
}

function counted(entry: LeaseStory, story: SeenStory, settings: ExplainSettings, now: number): LeaseFinding {
  const silent = isSilent(entry, settings, now);
  const unknown = silent && blindSpot(entry, story) !== undefined;
  const cause = causesOf(entry);
  const silence =
    silent && entry.state !== 'renewal_overdue' ? `not heard from for ${span(now - entry.lease.last.time)}` : '';
  const because = cause.because === '' ? silence : cause.because;
  const parts = joined(
    said(lastWords(entry, now)),
    unknown ? blindness(entry, story, now) : NOTHING,
    cause,
    said(endWords(entry, now)),
    said(nextWords(entry, settings, now)),
    silenceOf(entry, story, settings, now),
    afterwards(entry),
  );
  return unknown
    ? { entry, verdict: 'unknown', headline: blindHeadline(entry), ...parts }
    : { entry, verdict: verdictOf(entry), headline: headlineOf(entry, because, settings, now), ...parts };
}

function said(paragraph: string): Part {
  return { paragraphs: [paragraph], actions: [] };
}

function verdictOf({ state }: LeaseStory): Verdict {
  if (state === 'valid') return 'activated';
  return state === 'expired' || state === 'unactivated' ? 'not_activated' : 'at_risk';
}

function blindHeadline({ product, lease }: LeaseStory): string {
  return `whether ${product} is activated cannot be told: the log of ${lease.last.host} is not being read.`;
}

function headlineOf(entry: LeaseStory, because: string, { validity }: ExplainSettings, now: number): string {
  const { product, state, expiry } = entry;
  const end = expiry?.time ?? now;
  const why = because === '' ? '' : `: ${because}`;
  switch (state) {
    case 'expired':
      return `${product} is not activated any more, it lapsed ${relative(end, now)}${why}.`;
    case 'expiring':
      return `${product} loses its activation ${relative(end, now)}, ${instant(end)}${why}.`;
    case 'renewal_failing':
      return `${product} is activated until ${at(end, now)}, and its renewals fail${why}.`;
    case 'renewal_overdue':
      return `${product} is activated until ${at(end, now)}, and has not renewed for ${span(ageOf(end, now, validity))}${why}.`;
    case 'valid':
      return `${product} is activated until ${at(end, now)}${because === '' ? '' : `; trouble ahead: ${because}`}.`;
    default:
      return `${product} is not activated${why}.`;
  }
}

/** What happened last. */
function lastWords({ lease: { last, anomalies }, lastCount }: LeaseStory, now: number): string {
  const count = lastCount?.value;
  const enough =
    count !== undefined && count >= last.nPolicy
      ? `, and had counted ${plural(count, 'client')} (needed: ${last.nPolicy})`
      : '';
  const answer = last.hresult === 0 ? `handled it (0x0)${enough}` : 'refused it';
  return (
    `Last request ${at(last.time, now)}: ${last.host} ${answer}. The client reported: ${statusWords(last)}.` +
    (anomalies === 0
      ? ''
      : ` ${plural(anomalies, 'request')} claimed a licence with an impossible time left: not used.`)
  );
}

/** When it ends, and on whose word. */
function endWords({ expiry, lease: { last } }: LeaseStory, now: number): string {
  if (expiry === undefined) return graceWords(last, now);
  const ended = expiry.time <= now;
  return `${ended ? 'Ended' : 'Ends'} ${at(expiry.time, now)}, ${basisWords(expiry, ended)}.`;
}

/** By the client's own word it is not licensed; what it has is a grace period, or nothing. */
function graceWords({ status, minutes, time }: LeaseRequest, now: number): string {
  const end = time + minutes * MINUTE;
  return IN_GRACE.has(status) && minutes > 0 && end > now
    ? `Not activated, but in a grace period until ${at(end, now)}.`
    : 'Not activated, and no grace period left: the product tells its user so.';
}

function basisWords({ basis }: Expiry, ended: boolean): string {
  if (basis === 'confirmed') return "by the client's own word";
  return `presumed from the host's answer${ended ? '' : "; the client's next request confirms it"}`;
}

function blindness({ lease }: LeaseStory, story: SeenStory, now: number): Part {
  const host = story.hosts.find((one) => one.host === lease.last.host);
  const since = host?.lastRecord === undefined ? '' : `: its newest record is of ${at(host.lastRecord, now)}`;
  return {
    paragraphs: [
      `The log of ${lease.last.host} is not being read${since}. The client may have renewed since without being seen, ` +
        'so what follows is what was known then.',
    ],
    actions: [
      `Get the log of ${lease.last.host} read again (KmsActivationFeedStale): is its log shipper running, is the token ` +
        'right? What was missed can be imported: docs/first-lease.md.',
    ],
  };
}

function afterwards({ state, lease }: LeaseStory): Part {
  if (state !== 'expired' || lease.last.cls === 'office') return NOTHING;
  return {
    paragraphs: [
      'A lapsed Windows shows that it is not activated, and keeps asking; one request that takes repairs it.',
    ],
    actions: [],
  };
}
