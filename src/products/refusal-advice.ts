import { isCovered, keysCovering } from './coverage.ts';
import { HOST_KEY_COVERAGE } from './host-key-coverage.ts';
import { type HostWithKeys, keyPlan } from './key-plan.ts';
import { needWords, REQUEST_KIND_WORDS } from './key-words.ts';
import { factsOf } from './product-facts.ts';
import type { Release } from './releases.ts';
import { SLMGR } from './scripts.ts';

/** For an administrator: sentences. */
export interface RefusalAdvice {
  /** What the refusal means; empty if it goes without saying. */
  readonly meaning: string;
  readonly remedy: string;
}

const HOSTS_NAMED = 3;

/**
 * What it takes that a client is activated whose product a host refused because its keys do not cover it (0xC004F042).
 * @param activationId of the product, lower case
 * @param refusing the host; without keys if none are known of it
 * @param hosts all hosts of which keys are known
 */
export function refusalAdvice(
  activationId: string,
  refusing: HostWithKeys,
  hosts: readonly HostWithKeys[],
): RefusalAdvice {
  const facts = factsOf(activationId);
  if (facts === undefined) return { meaning: 'kmswatch does not know this product.', remedy: UNKNOWN };
  if (facts.kind !== undefined) {
    return { meaning: sentence(REQUEST_KIND_WORDS[facts.kind]), remedy: KIND_REMEDIES[facts.kind] };
  }
  if (refusing.keys.length > 0 && isCovered(refusing.keys, activationId) === 'yes') {
    return {
      meaning: `By its newest report, ${refusing.host} has a key that covers this product.`,
      remedy: `Check that the key is activated and restart sppsvc on ${refusing.host}. If its log is that of another host, correct its name.`,
    };
  }
  return { meaning: releaseWords(activationId, refusing), remedy: wayOut(activationId, refusing, hosts) };
}

const UNKNOWN =
  'Look up its host key in "KMS activation planning" of Microsoft, and add the activation id to "products" in the configuration.';

const KIND_REMEDIES = {
  home: 'No host key helps. Find out who set up this machine, remove the script, and install an edition that your agreement covers.',
  azure:
    'Your own host key does not help. In Azure, check that the machine reaches azkms.core.windows.net on port 1688.',
} as const;

/** The releases among those of one activation id that the host's keys leave out, when they cover others of them. */
export function refusedReleases(activationId: string, hostKeys: readonly string[]): readonly Release[] {
  const releases = factsOf(activationId)?.releases ?? [];
  return releases.filter((release) => !hostKeys.some((key) => HOST_KEY_COVERAGE.get(key)?.covers.includes(release)));
}

function releaseWords(activationId: string, { host, keys }: HostWithKeys): string {
  const releases = factsOf(activationId)?.releases ?? [];
  const refused = refusedReleases(activationId, keys);
  if (releases.length < 2 || refused.length === releases.length) return '';
  const covered = releases.filter((release) => !refused.includes(release));
  return `Several releases share this activation id. The keys of ${host} cover ${covered.join(', ')}, so this is ${refused.join(' or ')}.`;
}

/** The hosts that have the key, else those that can take it. */
function wayOut(activationId: string, refusing: HostWithKeys, hosts: readonly HostWithKeys[]): string {
  if (keysCovering(activationId).length === 0) return UNKNOWN;
  // It is refused, so whatever keys there are do not cover it.
  const own = keyPlan({ ...refusing, keys: [] }, activationId);
  // Without an id, slmgr activates Windows only.
  const keyId = factsOf(activationId)?.class === 'office' ? ` ${own.key?.activationId ?? 'ACTIVATION_ID'}` : '';
  const install = `Install a key with slmgr /ipk KEY, then activate it with slmgr /ato${keyId}.`;
  const need = `${refusing.host} ${needWords(own)}.`;
  const isOwnRefused = own.holding.answer === 'no';
  const others = hosts.filter(({ host }) => host !== refusing.host);
  const having = others.filter(({ keys }) => isCovered(keys, activationId) === 'yes');
  const otherwise = isOwnRefused ? [] : [`Otherwise ${need}`, install];
  const active = having.filter(({ keys, inactive = [] }) =>
    keys.some((key) => !inactive.includes(key) && isCovered([key], activationId) === 'yes'),
  );
  if (active.length > 0) return [`${haveWords(active)}: send these clients there.`, ...otherwise].join(' ');
  if (having.length > 0) {
    const first = `run slmgr /ato${keyId} there, and send these clients there once ${SLMGR} /dlv${keyId} shows it licensed.`;
    return [`${haveWords(having)}, but it is not activated: ${first}`, ...otherwise].join(' ');
  }
  const able = own.holding.answer === 'yes' ? [] : others.map((other) => keyPlan(other, activationId));
  const takers = able.filter(({ key, holding }) => key !== undefined && holding.answer === 'yes').slice(0, HOSTS_NAMED);
  const last = isOwnRefused && takers.length === 0 ? ELSEWHERE : install;
  return [need, ...takers.map((plan) => `${plan.host} ${needWords(plan)}.`), last].join(' ');
}

function haveWords(hosts: readonly HostWithKeys[]): string {
  const names = hosts.slice(0, HOSTS_NAMED).map(({ host }) => host);
  return `${names.join(', ')} ${hosts.length === 1 ? 'has' : 'have'} a key that covers it`;
}

const ELSEWHERE = 'No known host can take it: set up a KMS host on a Windows that can, and install the key there.';

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
