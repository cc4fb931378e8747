import { MINUTE_S, type Seconds, seconds } from '../kernel/time.ts';
import { at, counted } from '../kernel/words.ts';
import type { Expiry } from '../leases/expiry.ts';
import { MAX_MINUTES } from '../leases/rules.ts';
import type { LeaseStory, RequestStory } from '../leases/story.ts';
import type { LeaseRequest } from '../leases/types.ts';
import { LICENSE_STATUS } from '../products/license-status.ts';
import { isDenied } from './evidence.ts';
import { statusWords } from './status-words.ts';

/** Out-of-box, out-of-tolerance and extended grace (Microsoft, `SoftwareLicensingProduct.LicenseStatus`). */
const IN_GRACE: ReadonlySet<number> = new Set([
  LICENSE_STATUS.oob_grace,
  LICENSE_STATUS.oot_grace,
  LICENSE_STATUS.extended_grace,
]);

/** What happened last. */
export function lastWords(entry: LeaseStory, now: Seconds): string {
  const { last, anomalies } = entry.lease;
  const count = entry.lastCount?.value;
  const enough =
    count !== undefined && count >= last.nPolicy && !isDenied(entry)
      ? `, and had counted at least ${counted(count, 'client')} (needed: ${last.nPolicy})`
      : '';
  const answer = last.hresult === 0 ? `handled it (0x0)${enough}` : 'refused it';
  return (
    `Last request ${at(last.time, now)}: ${last.host} ${answer}. The client reported: ${statusWords(last)}.` +
    (anomalies === 0
      ? ''
      : ` ${counted(anomalies, 'request')} claimed a licence with an impossible remaining time: ignored.`)
  );
}

/** A host answered for a product whose pool nobody knows: whether the count was enough is not known. */
export function isUntold({ state, lease: { last } }: LeaseStory): boolean {
  return state === 'unactivated' && last.hresult === 0 && last.pool === undefined;
}

/** When it ends, and on whose word. @param isOld its last word is too old to tell what its user sees now */
export function endWords(entry: LeaseStory, now: Seconds, isOld: boolean): string {
  const { expiry, lease } = entry;
  const { last } = lease;
  if (isUntold(entry))
    return 'The host answered. Whether that activated the client is not known: add the product to the configuration.';
  if (entry.state === 'other_license') return 'When that licence ends is not known.';
  if (expiry === undefined) {
    return isOld ? 'Not activated then; no log shows what happened after that.' : graceWords(last, now);
  }
  const ended = expiry.time <= now;
  return `${ended ? 'Ended' : 'Ends'} ${at(expiry.time, now)}, ${basisWords(expiry, ended)}.`;
}

/** Whether it was activated before, of a lease that is not: when it last called itself licensed. */
export function lapsedWords(
  { state, lease }: LeaseStory,
  requests: readonly RequestStory[],
  now: Seconds,
): readonly string[] {
  if (state !== 'unactivated') return [];
  const licensed = requests.find(
    ({ request }) =>
      request.clientId === lease.clientId &&
      request.activationId === lease.activationId &&
      request.status === LICENSE_STATUS.licensed,
  );
  if (licensed === undefined) return [];
  return [`It was activated before: at its request of ${at(licensed.request.time, now)} it still reported a licence.`];
}

/** By the client's own word it is not licensed; what it has is a grace period, or nothing. */
function graceWords({ status, minutes, time }: LeaseRequest, now: Seconds): string {
  const end = time + minutes * MINUTE_S;
  return IN_GRACE.has(status) && minutes > 0 && minutes <= MAX_MINUTES && end > now
    ? `Not activated, but in a grace period until ${at(seconds(end), now)}.`
    : 'Not activated, and no grace period is left: the product shows its user a warning.';
}

function basisWords({ basis }: Expiry, ended: boolean): string {
  if (basis === 'confirmed') return 'as reported by the client';
  return `presumed from the host's answer${ended ? '' : "; the client's next request will confirm it"}`;
}
