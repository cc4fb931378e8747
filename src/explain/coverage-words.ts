import type { Seconds } from '../kernel/time.ts';
import { at } from '../kernel/words.ts';
import type { HostStory, LeaseStory } from '../leases/story.ts';
import { formatHresult } from '../products/activation-result.ts';
import { isCovered } from '../products/coverage.ts';
import type { HostWithKeys } from '../products/key-plan.ts';
import { REQUEST_KIND_WORDS } from '../products/key-words.ts';
import { factsOf } from '../products/product-facts.ts';
import { refusalAdvice, refusedReleases } from '../products/refusal-advice.ts';
import { type Cause, NOTHING, type Part } from './causes.ts';

/** The host's keys do not cover the product (0xC004F042): which key does, and where it can be. */
export function notCovered({ lease: { last }, product }: LeaseStory, hosts: readonly HostStory[]): Cause {
  const known = hosts.flatMap(withKeys);
  const refusing = known.find(({ host }) => host === last.host) ?? { host: last.host, os: undefined, keys: [] };
  const { meaning, remedy } = refusalAdvice(last.activationId, refusing, known);
  const code = formatHresult(last.hresult);
  const keys = hosts.find(({ host }) => host === last.host)?.keys ?? [];
  const has = keys.length === 0 ? '' : ` By its newest report it has: ${keys.map((key) => key.product).join(', ')}.`;
  return {
    because: `the keys of ${last.host} do not cover it (${code})`,
    paragraphs: [
      `The answer was ${code}: no KMS host key of ${last.host} covers ${product}.${has}${meaning === '' ? '' : ` ${meaning}`}`,
    ],
    actions: [remedy],
  };
}

/** The host answered, and has said since that it has no key any more that would: the next renewal is refused. */
export function keyGone({ lease: { last }, product }: LeaseStory, hosts: readonly HostStory[], now: Seconds): Cause {
  const host = hosts.find((one) => one.host === last.host);
  if (last.hresult !== 0 || host?.keys === undefined || (host.keysAt ?? 0) <= last.time) return NOTHING;
  const active = host.keys.filter(({ licensed }) => licensed !== false).map(({ activationId }) => activationId);
  if (isCovered(active, last.activationId) !== 'no') return NOTHING;
  const isInactive = active.length < host.keys.length;
  const lack = isInactive ? 'an activated KMS host key' : 'a KMS host key';
  return {
    because: `${last.host} no longer has ${lack} that covers it`,
    paragraphs: [
      `By its report of ${at(host.keysAt ?? now, now)}, ${last.host} no longer has ${lack} that covers ${product}: it will refuse the next renewal.`,
    ],
    actions: [
      isInactive
        ? `Activate the host key on ${last.host} again (KmsHostNotActivated).`
        : `Put the key back on ${last.host} (KmsHostKeyMissing): kmswatch keys says which.`,
    ],
  };
}

/** What the request itself tells: an edition that KMS never activates, or which of several releases it is. */
export function editionWords({ lease: { last } }: LeaseStory, hosts: readonly HostStory[]): Part {
  const { kind, releases = [] } = factsOf(last.activationId) ?? {};
  if (kind !== undefined) {
    // A refusal has said it.
    if (last.hresult !== 0) return NOTHING;
    const words = REQUEST_KIND_WORDS[kind];
    const answered = kind === 'home' ? ` A genuine KMS host does not answer it, so check what ${last.host} is.` : '';
    return { paragraphs: [`${words.slice(0, 1).toUpperCase()}${words.slice(1)}.${answered}`], actions: [] };
  }
  const keys = hosts.flatMap(withKeys).find(({ host }) => host === last.host)?.keys ?? [];
  if (last.hresult !== 0 || isCovered(keys, last.activationId) !== 'some') return NOTHING;
  const refused = refusedReleases(last.activationId, keys);
  const answered = releases.filter((release) => !refused.includes(release));
  return {
    paragraphs: [
      `Several releases share its activation id. ${last.host} answered, and its keys cover ${answered.join(', ')}, so this is no ${refused.join(' and no ')}.`,
    ],
    actions: [],
  };
}

function withKeys({ host, os, keys }: HostStory): readonly HostWithKeys[] {
  if (keys === undefined) return [];
  const inactive = keys.filter(({ licensed }) => licensed === false).map(({ activationId }) => activationId);
  return [{ host, os, keys: keys.map(({ activationId }) => activationId), inactive }];
}
