import { isAddress } from '../kernel/address.ts';
import type { Clock } from '../kernel/clock.ts';
import { within } from '../kernel/deadline.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Random } from '../kernel/random.ts';
import { err, ok } from '../kernel/result.ts';
import { systemPaths } from '../kernel/system-paths.ts';
import type { Millis } from '../kernel/time.ts';
import { createHostsFile } from './hosts-file.ts';
import { absent, concludeWords, type Resolution, type ServerWord } from './resolution.ts';
import { ServerAddresses, STALE_WAIT } from './server-addresses.ts';
import type { AddressRecord, NameServer } from './types.ts';

export interface AddressResolverOptions {
  /** All are asked: an address that any of them gives counts. */
  readonly servers: readonly NameServer[];
  /** Asked when those give no address, and only for an address: what they deny counts for nothing. */
  readonly lastResort?: readonly NameServer[];
  /** Milliseconds for each attempt. */
  readonly timeout: Millis;
  /** At least 1. */
  readonly attempts: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Where a name without a dot is looked for, in this order. */
  readonly domains: readonly HostName[];
  /** Default: the system's. */
  readonly hostsFile?: string;
}

export interface AddressResolver {
  /**
   * The addresses of a host: itself when it is one, else from the hosts file, else from DNS. They are those of all
   * servers together, so that it makes no difference which of them answers first. For a server that does not answer,
   * its addresses of the last 24 h still serve (RFC 8767): their own metrics show trouble of the name servers,
   * and must not make every host look down.
   * The signal ends the waiting with the reason `other`.
   */
  resolve(host: HostName, signal: AbortSignal): Promise<Resolution>;
  /** Takes in addresses that came along with SRV records of a server. */
  learn(server: NameServer, glue: readonly AddressRecord[]): void;
  /** Ends the lookups that are under way. */
  close(): void;
}

/** An address resolver over several name servers, with a bounded cache. */
export function createAddressResolver(options: AddressResolverOptions): AddressResolver {
  const { clock, domains, hostsFile = systemPaths().hosts } = options;
  const hosts = createHostsFile(hostsFile, clock);
  const closing = new AbortController();
  const { signal } = closing;
  const asked = (server: NameServer): ServerAddresses => new ServerAddresses(server, { ...options, signal });
  const servers = options.servers.map(asked);
  const labels = new Set(options.servers.map(({ label }) => label));
  const lastResort = (options.lastResort ?? []).filter(({ label }) => !labels.has(label)).map(asked);
  const flights = new Map<HostName, Promise<Resolution>>();

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
    const resolution = concludeWords(name, await askAll(servers, name, signal));
    if (resolution.ok || lastResort.length === 0) return resolution;
    const more = await within(askAll(lastResort, name, signal), STALE_WAIT, signal);
    const found = concludeWords(name, more ?? []);
    return found.ok ? found : resolution;
  }

  async function fly(host: HostName): Promise<Resolution> {
    const known = flights.get(host);
    if (known !== undefined) return known;
    const flight = resolveAnew(host).finally(() => flights.delete(host));
    flights.set(host, flight);
    return flight;
  }

  return {
    resolve: async (host, signal) => {
      const own = withoutLookup(host);
      if (own !== undefined) return ok({ addresses: own });
      return (await within(fly(host), undefined, signal)) ?? CUT_SHORT;
    },
    learn: ({ label }, glue) => servers.find(({ server }) => server.label === label)?.learn(glue),
    close: () => closing.abort(),
  };
}

const FAMILIES = [4, 6] as const;
const CUT_SHORT = err({ reason: 'other', detail: 'the lookup was cancelled' } as const);

/** Asks all; with an address at hand, those that are slow are hardly waited for. */
async function askAll(
  servers: readonly ServerAddresses[],
  name: string,
  signal: AbortSignal,
): Promise<readonly ServerWord[]> {
  const words: (ServerWord | undefined)[] = [];
  const reached = Promise.withResolvers<void>();
  const asked = servers.flatMap((server) => FAMILIES.map((family) => ({ server, family })));
  const lookups = asked.map(async ({ server, family }, index) => {
    const answer = await server.lookUp(name, family);
    words[index] = { server: server.server, family, answer };
    if (hasAddress(words[index])) reached.resolve();
  });
  const prompt = Promise.all(lookups.filter((_, index) => asked[index]?.server.isSilent(asked[index].family) !== true));
  const all = Promise.all(lookups);
  const patience = within(all, STALE_WAIT, signal);
  await Promise.race([prompt, reached.promise.then(() => patience)]);
  if (!words.some(hasAddress)) await Promise.race([all, reached.promise]);
  return words.filter((word) => word !== undefined);
}

function hasAddress(word: ServerWord | undefined): boolean {
  return word?.answer.ok === true && word.answer.value.addresses.length > 0;
}

function withoutLookup(host: HostName): readonly string[] | undefined {
  if (isAddress(host)) return [host];
  // RFC 6761 6.3: never asked of a name server.
  return host === 'localhost' || host.endsWith('.localhost') ? ['127.0.0.1', '::1'] : undefined;
}

function candidates(host: HostName, domains: readonly HostName[]): string[] {
  return host.includes('.') ? [host] : [...domains.map((domain) => `${host}.${domain}`), host];
}
