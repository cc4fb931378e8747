import { hostname } from 'node:os';
import ipaddr from 'ipaddr.js';
import { type ListenAddress, parseListenAddress } from '../config/listen-address.ts';
import type { Config } from '../config/schema.ts';
import { formatHostPort } from '../kernel/address.ts';
import type { Links } from '../notify/links.ts';
import type { PublicPaths } from '../web/public-paths.ts';

/** How the web side can be reached. */
export interface WebPlace {
  /** Where it listens, in the order of the configuration: `127.0.0.1:11688`, `:11688`. */
  readonly addresses: readonly string[];
  /** `http` or `https`. */
  readonly scheme: string;
}

/** Where links in notifications and conditions lead: as configured, else as well as the agent can tell. */
export function linksOf({ web }: Pick<Config, 'web'>, place: WebPlace): Links {
  return { pages: web.external_url ?? externalUrl(place, hostname()) };
}

/**
 * Where the agent's pages are, as well as the agent can tell: at the name of this machine, as a certificate has names. An
 * agent that listens on loopback alone can be read on this machine alone, and its name would lead nowhere.
 * @param hostname of this machine
 */
export function externalUrl({ addresses, scheme }: WebPlace, hostname: string): string {
  const places = addresses.map(parseListenAddress).flatMap((address) => (address.ok ? [address.value] : []));
  const open = places.find((place) => !isLoopback(place));
  const { host, port } = open ?? places[0] ?? { host: undefined, port: 0 };
  return `${scheme}://${formatHostPort(open === undefined ? (host ?? hostname) : hostname, port)}/`;
}

/** Below which path of that address the pages are, and where the metrics are. */
export function publicPaths({ web }: Pick<Config, 'web'>): PublicPaths {
  const { external_url: url, telemetry_path: telemetry } = web;
  return { root: url === undefined ? '/' : new URL(url).pathname, telemetry };
}

function isLoopback({ host }: ListenAddress): boolean {
  if (host === undefined) return false;
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback');
}
