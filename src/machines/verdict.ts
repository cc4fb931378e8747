import { MINUTE_S, type Seconds, seconds } from '../kernel/time.ts';
import { MAX_MINUTES } from '../leases/rules.ts';
import { LICENSE_STATUS } from '../products/license-status.ts';
import type { Judged, LeaseFacts, MachineFacts, ProductFacts, Verdict, VerdictSettings, WordFacts } from './types.ts';

/** What is to be said of one product of a machine that is not gone: the first that holds, in the order of `VERDICTS`. */
export function judgeProduct(
  { lease, word }: ProductFacts,
  machine: MachineFacts,
  now: number,
  settings: VerdictSettings,
): Judged {
  // What a host heard later is nearer to the truth than what the client said before.
  const fresh = word !== undefined && word.at >= (lease?.last ?? 0) ? word : undefined;
  const answer = lastAnswer(lease, fresh, machine, settings);
  return (
    otherActivation(lease, fresh) ??
    failing(lease, fresh, machine, answer, settings) ??
    lapsed(lease, fresh, now) ??
    notRenewing(answer, machine, settings) ??
    neverAsked(fresh, machine) ??
    renewing(lease, fresh, answer, now, settings) ??
    judged('unknown')
  );
}

/** A machine of which no product is known. */
export function judgeUnseen(machine: MachineFacts, now: number, settings: VerdictSettings): Judged {
  if (machine.isHost) return judged('other_activation');
  return judgeProduct({ lease: undefined, word: undefined }, machine, now, settings);
}

/** From the worst on; a verdict beside them says nothing that the others do not. */
const WORST_FIRST: readonly Verdict[] = [
  ...(['failing', 'lapsed', 'not_renewing', 'never_asked', 'renewing', 'other_activation', 'unknown', 'gone'] as const),
];

/** Rank of a verdict, 0 is the worst. */
export function rankOf(verdict: Verdict): number {
  return WORST_FIRST.indexOf(verdict);
}

/**
 * The verdict of the machine: that of its current Windows, and where that is activated in another way or unknown, the worst
 * of the others.
 */
export function judgeMachine(windows: Judged | undefined, others: readonly Judged[]): Judged {
  const decides = windows !== undefined && windows.verdict !== 'other_activation' && windows.verdict !== 'unknown';
  if (decides) return windows;
  const all = windows === undefined ? others : [windows, ...others];
  return all.toSorted((a, b) => rankOf(a.verdict) - rankOf(b.verdict))[0] ?? judged('unknown');
}

interface Answer {
  readonly at: number;
  /** Whether a later one would be known. */
  readonly isWatched: boolean;
}

/** When a host last answered, by its log or by the client's own word. */
function lastAnswer(
  lease: LeaseFacts | undefined,
  word: WordFacts | undefined,
  { toldAnswered }: MachineFacts,
  { validity }: VerdictSettings,
): Answer {
  const logged = lease?.answered ?? 0;
  const said =
    isLicensedByKms(word) && word.minutes ? Math.min(word.at, word.at + word.minutes * MINUTE_S - validity) : 0;
  const told = Math.max(said, toldAnswered);
  // Of a host whose log is not there, a later answer would not be known.
  return told > logged + MINUTE_S ? { at: told, isWatched: false } : { at: logged, isWatched: lease?.heard ?? false };
}

function otherActivation(lease: LeaseFacts | undefined, word: WordFacts | undefined): Judged | undefined {
  if (word?.hostKey === true || (word !== undefined && word.way !== null && word.way !== 'kms'))
    return judged('other_activation', word.at);
  return lease?.state === 'other_license' && !isLicensedByKms(word) ? judged('other_activation') : undefined;
}

function failing(
  lease: LeaseFacts | undefined,
  word: WordFacts | undefined,
  { toldFailed }: MachineFacts,
  answer: Answer,
  settings: VerdictSettings,
): Judged | undefined {
  if (word?.status === LICENSE_STATUS.notification) return judged('failing', word.at);
  if (toldFailed > Math.max(answer.at, lease?.last ?? 0)) return judged('failing', toldFailed);
  if (lease === undefined || isLicensedByKms(word)) return undefined;
  const isVain = lease.failed || lease.doubt || (lease.state === 'unactivated' && lease.inVain);
  return isVain ? judged('failing', failingSince(lease, settings)) : undefined;
}

/** Renewals that do not take: since the one that is still missing was due. */
function failingSince({ doubt, expiry, since, last }: LeaseFacts, settings: VerdictSettings): number {
  const due = expiry - settings.validity + settings.renewalInterval;
  return doubt && expiry > 0 ? Math.max(since, Math.min(due, last)) : since;
}

function lapsed(lease: LeaseFacts | undefined, word: WordFacts | undefined, now: number): Judged | undefined {
  if (lease === undefined || isLicensedByKms(word)) return undefined;
  return lease.expiry > 0 && lease.expiry <= now ? judged('lapsed', lease.expiry) : undefined;
}

function notRenewing(
  answer: Answer,
  { isAlive, seen }: MachineFacts,
  { renewalInterval }: VerdictSettings,
): Judged | undefined {
  const due = answer.at + 2 * renewalInterval;
  return isAlive && answer.at > 0 && answer.isWatched && seen > due ? judged('not_renewing', due) : undefined;
}

function neverAsked(word: WordFacts | undefined, machine: MachineFacts): Judged | undefined {
  const { isAlive, isInLog, areLogsWhole, isHost, toldAnswered } = machine;
  const isSilent = isAlive && !isInLog && areLogsWhole && !isHost && toldAnswered === 0;
  return isSilent && !isLicensedByKms(word) ? judged('never_asked') : undefined;
}

function renewing(
  lease: LeaseFacts | undefined,
  word: WordFacts | undefined,
  answer: Answer,
  now: number,
  { renewalInterval }: VerdictSettings,
): Judged | undefined {
  const isAnswered = answer.at > 0 && answer.at >= now - 2 * renewalInterval;
  const runs = lease !== undefined && lease.expiry > now;
  const says = isLicensedByKms(word) && stillRuns(word, now);
  return isAnswered || runs || says ? judged('renewing', lease?.since ?? word?.at) : undefined;
}

/** A licence that ends within the time of a renewal is one of volume activation, if nothing else is said. */
function isLicensedByKms(word: WordFacts | undefined): word is WordFacts {
  if (word?.status !== LICENSE_STATUS.licensed) return false;
  return word.way === 'kms' || (word.way === null && word.minutes !== null && isKmsMinutes(word.minutes));
}

function isKmsMinutes(minutes: number): boolean {
  return minutes >= 1 && minutes <= MAX_MINUTES;
}

/** What it said still holds. */
function stillRuns({ at, minutes }: WordFacts, now: number): boolean {
  return minutes === null || minutes === 0 || at + minutes * MINUTE_S > now;
}

function judged(verdict: Verdict, since?: number): Judged {
  const time: Seconds | undefined = since === undefined || since === 0 ? undefined : seconds(since);
  return { verdict, since: time };
}
