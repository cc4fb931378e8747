import { err, ok, type Result } from '../kernel/result.ts';
import type { CacheEntry } from './address-cache.ts';
import type { LookupFailure, LookupFailureReason, NameServer } from './types.ts';

export interface Resolved {
  /** At least one; IPv4 before IPv6. */
  readonly addresses: readonly string[];
}

export interface ResolveFailure {
  /** `nxdomain` and `nodata`: a name server said that there is no address. Any other: nothing is known of the name. */
  readonly reason: 'nxdomain' | 'nodata' | LookupFailureReason;
  /** For a person. */
  readonly detail: string;
}

export type Resolution = Result<Resolved, ResolveFailure>;

/** What one server said of one family of a name. */
export interface ServerWord {
  readonly server: NameServer;
  readonly family: 4 | 6;
  readonly answer: Result<CacheEntry, LookupFailure>;
}

/**
 * What the words of all servers come to: every address that any of them gives; else that there is none, if one of them
 * said so; else why none said anything.
 */
export function concludeWords(name: string, words: readonly ServerWord[]): Resolution {
  const byFamily = words.toSorted((a, b) => a.family - b.family);
  const addresses = byFamily.flatMap(({ answer }) => (answer.ok ? answer.value.addresses : []));
  if (addresses.length > 0) return ok({ addresses: [...new Set(addresses)] });
  const denials = [...Map.groupBy(words, ({ server }) => server).values()].flatMap(denialOf);
  const [denial] = denials.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  return denial === undefined ? unanswered(name, words) : absent(denial, name);
}

export function absent(reason: 'nxdomain' | 'nodata', name: string): Resolution {
  const detail = reason === 'nxdomain' ? 'does not exist in DNS' : 'has neither an A nor an AAAA record';
  return err({ reason, detail: `${name} ${detail}` });
}

/** A server that has no records of one family and says nothing of the other has not denied the name. */
function denialOf(words: readonly ServerWord[]): readonly ('nxdomain' | 'nodata')[] {
  const answers = words.flatMap(({ answer }) => (answer.ok ? [answer.value.status] : []));
  if (answers.includes('nxdomain')) return ['nxdomain'];
  return answers.length === words.length && answers.length > 0 ? ['nodata'] : [];
}

function unanswered(name: string, words: readonly ServerWord[]): Resolution {
  const failures = new Map<NameServer, LookupFailure>();
  for (const { server, answer } of words) {
    if (!answer.ok && !failures.has(server)) failures.set(server, answer.error);
  }
  const [first] = failures.values();
  if (first === undefined) {
    return err({ reason: 'network', detail: 'no name server is known: set discovery.servers' });
  }
  const details = [...failures].map(([{ label }, { detail }]) => `${label}: ${detail}`);
  return err({ reason: first.reason, detail: `nobody resolves ${name}: ${details.join('; ')}` });
}
