import { join } from 'node:path';
import { SECOND_MS } from '../kernel/time.ts';

/**
 * Where Windows keeps its search list: that of a Group Policy, which counts alone if there is one, and the machine's own.
 * https://learn.microsoft.com/troubleshoot/windows-server/networking/configure-domain-suffix-search-list-domain-name-system-clients
 */
const KEYS = [
  'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient',
  'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters',
] as const;
/** Milliseconds. */
const PATIENCE = 5 * SECOND_MS;

/** What `reg query` prints of a key; empty if there is no such key. */
export type QueryRegistry = (key: string) => Promise<string>;

/**
 * The domains in which Windows looks bare names up: its search list, else its primary domain and that of DHCP. Never
 * fails: what cannot be read is empty.
 */
export async function windowsSearchList(query: QueryRegistry = queryRegistry): Promise<readonly string[]> {
  const [policy = new Map(), own = new Map()] = (await Promise.all(KEYS.map(query))).map(readValues);
  const domain = policy.get('primarydnssuffix') ?? own.get('domain') ?? own.get('nv domain') ?? '';
  for (const list of [policy.get('searchlist'), own.get('searchlist')]) {
    const names = namesIn(list ?? '');
    if (names.length > 0) return names;
  }
  return [...new Set([domain, own.get('dhcpdomain') ?? ''].flatMap(namesIn))];
}

/** `    Domain    REG_SZ    corp.example.com`, in every language of Windows. */
function readValues(text: string): ReadonlyMap<string, string> {
  const rows = [...text.matchAll(/^ {4}(.+?) {4}REG_(?:EXPAND_)?SZ(?: {4}(.*?))?\r?$/gm)];
  return new Map(rows.map(([, name = '', value = '']) => [name.toLowerCase(), value.trim()]));
}

function namesIn(list: string): readonly string[] {
  return list.split(/[,\s]+/).filter((name) => name !== '');
}

function queryRegistry(key: string): Promise<string> {
  const program = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32\\reg.exe');
  // Loaded on Windows alone.
  const { execFile } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve) => {
    execFile(program, ['query', key], { timeout: PATIENCE, windowsHide: true }, (error, out) =>
      resolve(error === null ? out : ''),
    );
  });
}
