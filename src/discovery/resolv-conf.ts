import { getServers } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isAddress, parseHostPort } from '../kernel/address.ts';
import { type HostName, parseHostName } from '../kernel/host-name.ts';
import { systemPaths } from '../kernel/system-paths.ts';
import { nameServer } from './servers.ts';
import type { NameServer } from './types.ts';
import { windowsSearchList } from './windows-search-list.ts';

/** MAXNS: the C library asks no more. */
const MAX_SERVERS = 3;
/** The C library has no limit since glibc 2.26; this one keeps a broken file from becoming many lookups. */
const MAX_SEARCH = 16;

/** The configuration of the system's resolver. */
export interface SystemResolver {
  readonly servers: readonly NameServer[];
  /** Domains in which bare names are looked up. */
  readonly search: readonly HostName[];
}

/**
 * Reads resolv.conf(5). Lines that the C library would not understand are passed over, as it does.
 * Of several `search` and `domain` lines the last one counts.
 */
export function readResolvConf(text: string): SystemResolver {
  const servers = new Map<string, NameServer>();
  let search: readonly HostName[] = [];
  for (const line of text.split('\n')) {
    const [keyword, ...values] = words(line);
    const [first] = values;
    if (keyword === 'nameserver' && first !== undefined) addServer(servers, first);
    if (keyword === 'search') search = domains(values).slice(0, MAX_SEARCH);
    if (keyword === 'domain') search = domains(values.slice(0, 1));
  }
  return { servers: [...servers.values()].slice(0, MAX_SERVERS), search };
}

/**
 * The system's name servers and search list. Where no file says so, the servers are those that Node finds (the
 * registry's on Windows), and the search list is that of Windows, else the domain in the machine's own name, as
 * resolv.conf(5) has it.
 * Never fails: a file that cannot be read counts as empty.
 */
export async function systemResolver(path = '/etc/resolv.conf', ownName = hostname()): Promise<SystemResolver> {
  const { isWindows } = systemPaths();
  const { servers, search } = isWindows
    ? { servers: [], search: domains(await windowsSearchList()).slice(0, MAX_SEARCH) }
    : readResolvConf(await readFile(path, 'utf8').catch(() => ''));
  return {
    servers: servers.length > 0 ? servers : readResolvConf(getServers().map(asLine).join('\n')).servers,
    search: search.length > 0 ? search : domains([ownName.slice(ownName.indexOf('.') + 1 || ownName.length)]),
  };
}

function asLine(server: string): string {
  return `nameserver ${server}`;
}

/** Comments belong at the start of a line, but people also write them after a value. */
function words(line: string): string[] {
  const all = line.split(/\s+/).filter((word) => word !== '');
  const comment = all.findIndex((word) => /^[#;]/.test(word));
  return comment === -1 ? all : all.slice(0, comment);
}

function addServer(servers: Map<string, NameServer>, text: string): void {
  const parsed = parseHostPort(text);
  if (!parsed.ok || !isAddress(parsed.value.host)) return;
  const server = nameServer(parsed.value.host, parsed.value.port);
  servers.set(server.label, server);
}

function domains(texts: readonly string[]): HostName[] {
  const names = texts.flatMap((text) => {
    const name = parseHostName(text);
    return name.ok && !isAddress(name.value) ? [name.value] : [];
  });
  return [...new Set(names)];
}
