import { readFile, stat } from 'node:fs/promises';
import { isAddress } from '../kernel/address.ts';
import type { Clock } from '../kernel/clock.ts';
import { type HostName, parseHostName } from '../kernel/host-name.ts';
import { SECOND_MS } from '../kernel/time.ts';

/** How long a change may go unseen, in milliseconds. */
const CHECK_INTERVAL = 5 * SECOND_MS;
/** Far beyond what people write; block lists of a megabyte are passed over. */
const MAX_SIZE = 1024 * 1024;

/** The file that comes before DNS, hosts(5). */
export interface HostsFile {
  /** The addresses of a name; undefined when the file does not name it. */
  addresses(name: HostName): Promise<readonly string[] | undefined>;
}

/** Follows a hosts file: it is read again when it has changed; one that cannot be read names nobody. */
export function createHostsFile(path: string, clock: Clock): HostsFile {
  let entries: ReadonlyMap<HostName, readonly string[]> = new Map();
  let version = '';
  let next = Number.NEGATIVE_INFINITY;
  const refresh = async (): Promise<void> => {
    next = clock.monotonic() + CHECK_INTERVAL;
    const info = await stat(path).catch(() => undefined);
    const found = info === undefined || info.size > MAX_SIZE ? '' : `${info.ino} ${info.size} ${info.mtimeMs}`;
    if (found === version) return;
    entries = found === '' ? new Map() : readHosts(await readFile(path, 'utf8').catch(() => ''));
    version = found;
  };
  let refreshing = Promise.resolve();
  return {
    addresses: async (name) => {
      if (clock.monotonic() >= next) refreshing = refresh();
      await refreshing;
      return entries.get(name);
    },
  };
}

/** Reads hosts(5): an address and its names on each line; what is not that is passed over. */
function readHosts(text: string): ReadonlyMap<HostName, readonly string[]> {
  const entries = new Map<HostName, string[]>();
  for (const line of text.split('\n')) {
    const [first = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const address = parseHostName(first);
    if (!address.ok || !isAddress(address.value)) continue;
    for (const text of names) addName(entries, text, address.value);
  }
  return entries;
}

function addName(entries: Map<HostName, string[]>, text: string, address: string): void {
  const name = parseHostName(text);
  if (!name.ok) return;
  const known = entries.get(name.value) ?? [];
  if (!known.includes(address)) entries.set(name.value, [...known, address]);
}
