import pLimit from 'p-limit';
import { isAddress } from '../kernel/address.ts';
import type { Clock } from '../kernel/clock.ts';
import { within } from '../kernel/deadline.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Random } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Millis, millis } from '../kernel/time.ts';
import { AddressCache, type CacheEntry, type Family } from './address-cache.ts';
import { lookUpFamily, type Rotation } from './family-lookup.ts';
import { createHostsFile } from './hosts-file.ts';
import type { AddressRecord, LookupFailure, LookupFailureReason, NameServer } from './types.ts';

/** RFC 8767 5: so long a fresh answer is waited for while an old one is at hand, in milliseconds. */
const STALE_WAIT = millis(1800);
/** At once: more would overflow a name server's receive buffer, and each lost packet costs a timeout. */
const MAX_LOOKUPS = 128;

export interface AddressResolverOptions {
  /** Asked in turn. */
  readonly servers: readonly NameServer[];
  /** Milliseconds for each attempt. */
  readonly timeout: Millis;
  /** At least 1. */
  readonly attempts: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Where a name without a dot is looked for, in this order. */
  readonly domains: readonly HostName[];
  /** Default: `/etc/hosts`. */
  readonly hostsFile?: string;
}

export interface Resolved {
  /** At least one; IPv4 before IPv6. */
  readonly addresses: readonly string[];
}

export interface ResolveFailure {
  readonly reason: 'nxdomain' | 'nodata' | LookupFailureReason;
  /** For a person. */
  readonly detail: string;
}

export type Resolution = Result<Resolved, ResolveFailure>;

export interface AddressResolver {
  /**
   * The addresses of a host: itself when it is one, else from the hosts file, else from DNS.
   * While no server answers, those of the last 24 h still serve (RFC 8767): trouble of the name servers is told by
   * their own metrics, and must not make every host look down. That a name does not exist is believed at once.
   * The signal ends the waiting with the reason `other`.
   */
  resolve(host: HostName, signal: AbortSignal): Promise<Resolution>;
  /** Takes in addresses that came along with SRV records. They count less than an answer (RFC 2181 5.4.1). */
  learn(glue: readonly AddressRecord[]): void;
  /** Ends the lookups that are under way. */
  close(): void;
}

/** An address resolver over several name servers, with a bounded cache. */
export function createAddressResolver(options: AddressResolverOptions): AddressResolver {
  const { clock, domains, hostsFile = '/etc/hosts' } = options;
  const hosts = createHostsFile(hostsFile, clock);
  const cache = new AddressCache();
  const closing = new AbortController();
  const rotation: Rotation = { servers: options.servers };
  const limit = pLimit(MAX_LOOKUPS);
  const flights = new Map<HostName, Promise<Resolution>>();
  const asks = new Map<string, Promise<Result<CacheEntry, LookupFailure>>>();

  async function resolveAnew(host: HostName): Promise<Resolution> {
    const listed = await hosts.addresses(host);
    if (listed !== undefined) return ok({ addresses: listed });
    let last: Resolution = absent('nxdomain', host);
    for (const name of candidates(host, domains)) {
      last = await resolveName(name);
      if (last.ok || (last.error.reason !== 'nxdomain' && last.error.reason !== 'nodata')) return last;
    }
    return last;
  }

  async function resolveName(name: string): Promise<Resolution> {
    const families = await Promise.all(FAMILIES.map((family) => resolveFamily(name, family)));
    const addresses = families.flatMap((family) => (family.ok ? family.value.addresses : []));
    if (addresses.length > 0) return ok({ addresses });
    const failure = families.find((family) => !family.ok);
    if (failure !== undefined) return failure;
    const unknown = families.some((family) => family.ok && family.value.status === 'nxdomain');
    return absent(unknown ? 'nxdomain' : 'nodata', name);
  }

  async function resolveFamily(name: string, family: Family): Promise<Result<CacheEntry, LookupFailure>> {
    const now = clock.monotonic();
    const fresh = cache.fresh(name, family, now);
    if (fresh !== undefined) return ok(fresh);
    // While one family has an address, the host can be reached: the other must not keep it waiting.
    const reachable = FAMILIES.some((other) => cache.lastKnown(name, other, now) !== undefined);
    const old = cache.lastKnown(name, family, now) ?? (reachable ? NOTHING : undefined);
    const asked = ask(name, family);
    if (old === undefined) return asked;
    const answer = await within(asked, STALE_WAIT, closing.signal);
    if (answer?.ok === true) return answer;
    cache.hold(name, family, old, clock.monotonic());
    return ok(old);
  }

  /** Goes on when nobody waits any more, to know the answer the next time; so it must not be begun twice. */
  function ask(name: string, family: Family): Promise<Result<CacheEntry, LookupFailure>> {
    return once(asks, `${family} ${name}`, async () => {
      const result = await limit(() => lookUpFamily(rotation, name, family, { ...options, signal: closing.signal }));
      if (!result.ok) return result;
      cache.store(name, family, result.value.entry, result.value.ttl, clock.monotonic());
      return ok(result.value.entry);
    });
  }

  return {
    resolve: async (host, signal) => {
      const own = withoutLookup(host);
      if (own !== undefined) return ok({ addresses: own });
      return (
        (await within(
          once(flights, host, () => resolveAnew(host)),
          undefined,
          signal,
        )) ?? CUT_SHORT
      );
    },
    learn: (glue) => learn(cache, glue, clock.monotonic()),
    close: () => closing.abort(),
  };
}

const FAMILIES = [4, 6] as const;
const NOTHING: CacheEntry = { status: 'nodata', addresses: [] };
const CUT_SHORT = err({ reason: 'other', detail: 'the lookup was cancelled' } as const);

/** Begins work, or joins the same that is under way. */
function once<T>(underWay: Map<string, Promise<T>>, key: string, begin: () => Promise<T>): Promise<T> {
  const known = underWay.get(key);
  if (known !== undefined) return known;
  const work = begin().finally(() => underWay.delete(key));
  underWay.set(key, work);
  return work;
}

function withoutLookup(host: HostName): readonly string[] | undefined {
  if (isAddress(host)) return [host];
  // RFC 6761 6.3: never asked of a name server.
  return host === 'localhost' || host.endsWith('.localhost') ? ['127.0.0.1', '::1'] : undefined;
}

function candidates(host: HostName, domains: readonly HostName[]): string[] {
  return host.includes('.') ? [host] : [...domains.map((domain) => `${host}.${domain}`), host];
}

function learn(cache: AddressCache, glue: readonly AddressRecord[], now: number): void {
  for (const [, records] of Map.groupBy(glue, ({ name, family }) => `${family} ${name}`)) {
    const [first] = records;
    if (first === undefined || cache.fresh(first.name, first.family, now) !== undefined) continue;
    const addresses = [...new Set(records.map(({ address }) => address))];
    const ttl = Math.min(...records.map((record) => record.ttl));
    cache.store(first.name, first.family, { status: 'records', addresses }, ttl, now);
  }
}

function absent(reason: 'nxdomain' | 'nodata', name: string): Resolution {
  const detail = reason === 'nxdomain' ? 'does not exist in DNS' : 'has neither an A nor an AAAA record';
  return err({ reason, detail: `${name} ${detail}` });
}
