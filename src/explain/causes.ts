import { counted } from '../kernel/words.ts';
import { testimonyOf } from '../leases/rules.ts';
import type { CountAtTime, LeaseStory } from '../leases/story.ts';
import type { LeaseRequest } from '../leases/types.ts';
import { explainResult, formatHresult } from '../products/activation-result.ts';
import { LICENSE_STATUS } from '../products/license-status.ts';
import { SLMGR } from '../products/scripts.ts';
import { clockOff } from './skew-words.ts';

/** For a clock that is known to be off. */
export const CLOCK_REMEDY =
  'Correct the clocks on client and host: w32tm /resync. They are compared in UTC, so the time zone does not matter.';

/** Sentences, and what to do about it. */
export interface Part {
  readonly paragraphs: readonly string[];
  readonly actions: readonly string[];
}

/** A part that fits half a sentence too. */
export interface Cause extends Part {
  /** Goes on after a colon: `the host itself is not activated`; empty when there is nothing to say. */
  readonly because: string;
}

export const NOTHING: Cause = { because: '', paragraphs: [], actions: [] };

const CLOCK_REFUSED = 0xc004f06c;

export function joined(...parts: readonly Part[]): Part {
  return {
    paragraphs: parts.flatMap((part) => part.paragraphs),
    actions: parts.flatMap((part) => part.actions),
  };
}

/** Why the newest request of a lease did not, or may not, get it activated. Nothing when nothing speaks against it. */
export function causesOf(entry: LeaseStory): Cause {
  if (entry.state === 'other_license') return OTHER_LICENSE;
  if (entry.lease.last.hresult !== 0) return refusal(entry);
  const causes = [shortfall(entry), doubtOf(entry), hardwareOf(entry)];
  return { because: causes.find(({ because }) => because !== '')?.because ?? '', ...joined(...causes) };
}

/** What was in the way when a machine last asked, long ago: acted upon only where it is known to be in the way still. */
export function causesThen(entry: LeaseStory): Cause {
  const { last } = entry.lease;
  const paragraphs = causesOf(entry).paragraphs;
  const isShort = last.hresult === 0 && entry.countNow?.known === true && entry.countNow.value < last.nPolicy;
  return { because: '', paragraphs, actions: isShort ? shortfall(entry).actions : [] };
}

function refusal({ lease: { last } }: LeaseStory): Cause {
  const { label, meaning, remedy } = explainResult(last.hresult);
  const code = formatHresult(last.hresult);
  const named = label === 'other' ? code : `${code} (${label.toUpperCase()})`;
  const off = clockOff(last);
  if (last.hresult !== CLOCK_REFUSED) {
    return {
      because: `${asClause(meaning)} (${code})`,
      paragraphs: [`The answer was ${named}. ${meaning}`],
      actions: [remedy.replace('CODE', code)],
    };
  }
  if (off === undefined) return refusedInTime(code, last.host);
  return {
    because: `its clock is ${off} that of ${last.host} (${code})`,
    paragraphs: [
      `The answer was ${named}. ${meaning} At that request the client's clock was ${off} that of ${last.host}.`,
    ],
    actions: [CLOCK_REMEDY],
  };
}

/** A sentence as the half of another one. */
function asClause(sentence: string): string {
  const clause = sentence.replace(/\.$/, '');
  return clause.slice(0, 1).toLowerCase() + clause.slice(1);
}

/** Microsoft names a second cause for that code: a host that does not know the client's version. */
function refusedInTime(code: string, host: string): Cause {
  return {
    because: `${host} refused its time stamp (${code})`,
    paragraphs: [
      `The answer was ${code}: time stamp rejected. The client's clock was within 4 hours of the host's, so the other ` +
        'known cause is more likely: the host is too old to support this version of the client.',
    ],
    actions: [`Update ${host} and its host key, or send the client to a newer host.`],
  };
}

/** The client compares the count in the answer with what its product needs; the host answers with success regardless. */
function shortfall(entry: LeaseStory): Cause {
  const { last } = entry.lease;
  const { lastCount: then, countNow } = entry;
  if (last.pool === undefined) return UNKNOWN_PRODUCT;
  if (then === undefined || countNow === undefined) return NOTHING;
  if (then.value >= last.nPolicy) return fallen(last, countNow);
  // A young log proves no shortfall, and a client that is licensed proves that there was none.
  if (!then.known && isLicensed(last)) return NOTHING;
  if (countNow.value >= last.nPolicy) return overcome(last, then, countNow);
  if (!countNow.known) return perhapsShort(last.host, countNow.value, last.nPolicy);
  const itself = countNow.isOwn ? 'itself says that it counts' : 'counts';
  return {
    because: `${last.host} ${itself} ${countNow.value} of the ${last.nPolicy} clients it needs`,
    paragraphs: [
      `Below the threshold: ${shortWords(last, then)} ${countNow.isOwn ? `${last.host} itself says that it counts` : 'It counts'} ${countNow.value} now. The host still answers (0x0), but ` +
        'the client does not activate. Its own log says 0xC004F038.',
    ],
    actions: [moreMachines(last, countNow)],
  };
}

/** Its log had enough clients, but the host itself counts too few: it was rebuilt, or the log is another's. */
function fallen(last: LeaseRequest, now: CountAtTime): Cause {
  if (now.isOwn !== true || now.value >= last.nPolicy || isLicensed(last)) return NOTHING;
  const { host, nPolicy } = last;
  return {
    because: `${host} itself says that it counts ${now.value} of the ${nPolicy} clients it needs`,
    paragraphs: [
      `Below the threshold: this product needs ${nPolicy} clients in 30 days, and ${host} itself says that it counts ` +
        `${now.value} now. Its log has more, so it was rebuilt, or the log is that of another host.`,
    ],
    actions: [moreMachines(last, now)],
  };
}

function moreMachines({ host, nPolicy }: LeaseRequest, now: CountAtTime): string {
  const wait = now.isOwn === true ? `If ${host} was rebuilt, wait: its clients ask within 7 days. Else have` : 'Have';
  return (
    `${wait} ${counted(nPolicy - now.value, 'more machine')} ask ${host} within 30 days. Clones with one client id count as ` +
    'one. A host counts only the clients that ask it: if you have several hosts, send all clients to one.'
  );
}

function isLicensed(request: LeaseRequest): boolean {
  return testimonyOf(request) === 'licensed';
}

function shortWords({ nPolicy, host }: LeaseRequest, { value, isOwn }: CountAtTime): string {
  return `this product needs ${nPolicy} clients in 30 days, and ${host} ${isOwn ? 'itself said that it had counted' : 'had counted'} ${value} at that request.`;
}

/** What was missing at its last request is there now. */
function overcome(last: LeaseRequest, then: CountAtTime, now: CountAtTime): Cause {
  const perhaps = then.known ? '' : ', as far as its log is known';
  return {
    because: `it asked before ${last.host} had counted the ${last.nPolicy} clients it needs, and has not asked since`,
    paragraphs: [
      `It was below the threshold then${perhaps}: ${shortWords(last, then)} It counts at least ${now.value} now, so that is ` +
        'over.',
    ],
    actions: [`${last.host} counts enough clients now. On the client: slmgr /ato, or wait for its next request.`],
  };
}

function perhapsShort(host: string, count: number, needed: number): Cause {
  return {
    because: `perhaps ${host} has not counted ${needed} clients`,
    paragraphs: [
      `It may be below the threshold: this product needs ${needed} clients in 30 days, and kmswatch has seen ${count} ` +
        `at ${host}. kmswatch does not have its log for all of the 30 days, so the host may have counted more.`,
    ],
    actions: [
      `On ${host}: ${SLMGR} /dlv shows "Current count". If it is below ${needed}, no product that needs ${needed} activates there: have more machines ask it. A host counts only the clients that ask it, so if you have several hosts, send all clients to one.`,
      `Import the older part of the log of ${host}: docs/first-lease.md.`,
    ],
  };
}

const UNKNOWN_PRODUCT: Cause = {
  because: '',
  paragraphs: ['kmswatch does not know this product, so it cannot say whether the host had counted enough clients.'],
  actions: ['Add the activation id to "products" in the configuration, with its name and class.'],
};

const OTHER_LICENSE: Cause = {
  because: '',
  paragraphs: [
    'By its own word it is licensed, but with a remaining time that KMS never gives: none, or more than 180 days. Something ' +
      'else than KMS has licensed it (a MAK, a retail or OEM key, Active Directory, or a tool), or its clock was changed.',
  ],
  actions: [
    `On the client: ${SLMGR} /dlv. "Description" names the channel of its licence. If it is ` +
      'to use KMS, install the KMS client setup key (slmgr /ipk) and run slmgr /ato.',
  ],
};

function doubtOf({ lease }: LeaseStory): Cause {
  if (!lease.doubt) return NOTHING;
  return {
    because: "the host's answers have no effect",
    paragraphs: [
      "The host's answers have no effect: it handled an earlier request (0x0), but afterwards the client was no " +
        'better off. Usually the count in the answer was too low for the product, or the answer was lost on the way.',
    ],
    actions: [
      "In the client's Application log, event 12289 has the host's answer. Its third field is 1 if the client accepted it, " +
        'and its fifth field is the count. If no 12289 follows a 12288, a firewall or proxy drops the answer.',
    ],
  };
}

function hardwareOf({ lease, expiry }: LeaseStory): Cause {
  if (lease.last.status !== LICENSE_STATUS.oot_grace || expiry !== undefined) return NOTHING;
  return {
    because: 'its hardware has changed',
    paragraphs: ['The client reported that its hardware has changed too much.'],
    actions: ['Restart the client, or run slmgr /ato on it. A successful request settles a change of hardware.'],
  };
}
