import type { AllowedTarget } from '../../config/probe-allow.ts';
import { type Endpoint, isAddress } from '../../kernel/address.ts';
import type { HostName } from '../../kernel/host-name.ts';
import { isInNetwork, isSpecialNetwork, specialRange } from './special-addresses.ts';

/**
 * Why a target may be looked at: the polls look at it too; its name is listed; or the network of its address has yet
 * to be found in the list.
 */
export type Grounds = 'watched' | 'named' | 'network';

/** @returns undefined for a target that may not be looked at, so that its name is not even resolved */
export function groundsFor(target: Endpoint, isWatched: boolean, allow: readonly AllowedTarget[]): Grounds | undefined {
  if (isWatched) return 'watched';
  if (allow.some((entry) => namesHost(entry, target))) return 'named';
  return allow.some(({ kind }) => kind === 'network') ? 'network' : undefined;
}

/** Whether an address, which is the one that will be dialled, may be. */
export function mayDial(address: string, target: Endpoint, grounds: Grounds, allow: readonly AllowedTarget[]): boolean {
  // The polls dial whatever the address of a host is, if that is what is configured.
  if (grounds === 'watched' && isAddress(target.host)) return true;
  const special = specialRange(address);
  if (special !== undefined) {
    if (allow.some((entry) => listsSpecial(entry, address, special, target))) return true;
    // Loopback is where the name of a watched host leads on the host itself.
    return grounds === 'watched' && special === 'loopback';
  }
  if (grounds !== 'network') return true;
  return allow.some((entry) => entry.kind === 'network' && isInNetwork(address, entry.network));
}

/** Whether a domain may be looked up, when no poll looks it up. */
export function mayLookUp(domain: HostName, allow: readonly AllowedTarget[]): boolean {
  return allow.some(
    (entry) =>
      (entry.kind === 'domain' && (domain === entry.domain || domain.endsWith(`.${entry.domain}`))) ||
      (entry.kind === 'host' && entry.port === undefined && domain === entry.host),
  );
}

function namesHost(entry: AllowedTarget, { host, port }: Endpoint): boolean {
  if (entry.kind === 'domain') return host.endsWith(`.${entry.domain}`);
  return entry.kind === 'host' && entry.host === host && (entry.port === undefined || entry.port === port);
}

/** Names do not count, because the owner of the name server decides where they lead; `localhost` is never looked up. */
function listsSpecial(entry: AllowedTarget, address: string, special: string, { host, port }: Endpoint): boolean {
  if (entry.kind === 'network') return isSpecialNetwork(entry.network, special) && isInNetwork(address, entry.network);
  if (entry.kind !== 'host' || (entry.port !== undefined && entry.port !== port)) return false;
  return entry.host === address || (entry.host === 'localhost' && host === 'localhost' && special === 'loopback');
}
