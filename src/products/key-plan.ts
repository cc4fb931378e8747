import type { HostName } from '../kernel/host-name.ts';
import { canHold, type Holding } from './can-hold.ts';
import { type Coverage, type CoveringKey, isCovered, keysCovering } from './coverage.ts';
import { HOST_KEYS } from './host-keys.ts';
import type { KnownClass } from './product-class.ts';

/** A host as its report shows it. */
export interface HostWithKeys {
  readonly host: HostName;
  /** Caption of its Windows. */
  readonly os: string | undefined;
  /** Activation ids of its KMS host keys, lower case. */
  readonly keys: readonly string[];
  /** Those of them that are not activated with Microsoft, as far as that is known: they activate nobody. */
  readonly inactive?: readonly string[];
}

/** A key that a host could install. */
export interface KeyChoice {
  readonly key: CoveringKey;
  readonly holding: Holding;
}

/** What a host needs, so that it can activate a product. */
export interface KeyPlan {
  readonly host: HostName;
  readonly coverage: Coverage;
  /** The key to install. Undefined if it is covered, and if no key is known that covers the product. */
  readonly key: CoveringKey | undefined;
  /** Whether this host can take the key. */
  readonly holding: Holding;
  /** Older keys that would do as well, from new to old: a licence of an older version brings no newer key. */
  readonly also: readonly KeyChoice[];
  /** The host has reported no keys: its log tells what it answered. */
  readonly byLog?: boolean;
}

const BY_ANSWER: readonly Holding['answer'][] = ['yes', 'unknown', 'no'];

/**
 * Which key a host needs for a product: the newest that it can hold, since that one covers most. A key that covers all releases
 * of a shared activation id comes before one that covers some.
 * @param activationId of the product, lower case
 */
export function keyPlan({ host, os, keys }: HostWithKeys, activationId: string): KeyPlan {
  const coverage = isCovered(keys, activationId);
  const none = { host, coverage, key: undefined, holding: { answer: 'unknown' }, also: [] } as const;
  if (coverage === 'yes' || coverage === 'unknown') return none;
  const covering = keysCovering(activationId);
  const most = covering.some(({ whole }) => whole) ? covering.filter(({ whole }) => whole) : covering;
  const choices = most
    .filter((key) => !keys.includes(key.activationId))
    .map((key) => ({ key, holding: canHold(os ?? '', key.activationId) }))
    .toSorted((a, b) => BY_ANSWER.indexOf(a.holding.answer) - BY_ANSWER.indexOf(b.holding.answer));
  const [first, ...others] = choices;
  return first === undefined ? none : { ...none, ...first, also: others.filter((other) => isAsGood(other, first)) };
}

/** As far as is known, and for the same kind of Windows, client or server. */
function isAsGood(other: KeyChoice, first: KeyChoice): boolean {
  const { answer } = first.holding;
  return first.key.whole && answer !== 'no' && other.holding.answer === answer && kindOf(other) === kindOf(first);
}

function kindOf({ key }: KeyChoice): KnownClass | undefined {
  return HOST_KEYS.get(key.activationId)?.class;
}
