import ipaddr from 'ipaddr.js';
import { type ListenAddress, parseListenAddress } from '../config/listen-address.ts';
import { formatHostPort } from '../kernel/address.ts';

/** How the web side can be reached. */
export interface WebPlace {
  /** Where it listens, in the order of the configuration: `127.0.0.1:11688`, `:11688`. */
  readonly addresses: readonly string[];
  /** `http` or `https`. */
  readonly scheme: string;
}

/**
 * Where the agent's pages are for somebody who reads a notification, as well as the agent can tell: at the name of this
 * machine, as a certificate has names. An agent that listens on loopback alone can be read on this machine alone, and
 * its name would lead nowhere.
 * @param hostname of this machine
 */
export function externalUrl({ addresses, scheme }: WebPlace, hostname: string): string {
  const places = addresses.map(parseListenAddress).flatMap((address) => (address.ok ? [address.value] : []));
  const open = places.find((place) => !isLoopback(place));
  const { host, port } = open ?? places[0] ?? { host: undefined, port: 0 };
  return `${scheme}://${formatHostPort(open === undefined ? (host ?? hostname) : hostname, port)}/`;
}

function isLoopback({ host }: ListenAddress): boolean {
  if (host === undefined) return false;
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback');
}
