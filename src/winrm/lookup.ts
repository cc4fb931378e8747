import type { LookupAddress } from 'node:dns';
import { isIPv6, type LookupFunction } from 'node:net';
import { type HostName, parseHostName } from '../kernel/host-name.ts';
import { err, type Result } from '../kernel/result.ts';

/** Finds the addresses of a host. MUST end by itself. */
export type Resolve = (
  host: HostName,
  signal: AbortSignal,
) => Promise<Result<{ readonly addresses: readonly string[] }, { readonly detail: string }>>;

/**
 * Lets connections find their addresses by the given resolver. The system's own has four threads for all hosts: names
 * whose servers are silent would hold up every other host.
 */
export function lookupBy(resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    const name = parseHostName(host);
    const resolving = name.ok
      ? resolve(name.value, new AbortController().signal)
      : Promise.resolve(err({ detail: name.error }));
    void resolving.then((resolved) => {
      const found = addressesOf(resolved.ok ? resolved.value.addresses : [], options.family);
      const [first] = found;
      if (first === undefined) callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '');
      else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}

/** @param wanted 4, 6, `IPv4` or `IPv6`; anything else: both */
function addressesOf(addresses: readonly string[], wanted: number | string | undefined): LookupAddress[] {
  const family = Number(/[46]$/.exec(String(wanted ?? ''))?.[0] ?? 0);
  return addresses
    .map((address): LookupAddress => ({ address, family: isIPv6(address) ? 6 : 4 }))
    .filter((each) => family === 0 || each.family === family);
}
