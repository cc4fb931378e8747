import { expect, it } from 'vitest';
import { windowsSearchList } from './windows-search-list.ts';

const POLICY = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient';
const OWN = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';

/** As reg.exe prints a key: a blank line, the key, a line for each value. */
function registry(keys: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  return async (key: string) => {
    const values = keys[key];
    if (values === undefined) return '';
    const rows = Object.entries(values).map(([name, value]) => `    ${name}    REG_SZ    ${value}`.trimEnd());
    return `\r\n${key}\r\n    ForwardBroadcasts    REG_DWORD    0x0\r\n${rows.join('\r\n')}\r\n\r\n`;
  };
}

it.each([
  ['nothing', {}, []],
  ['no list', { [OWN]: { SearchList: '', Domain: 'corp.example.com' } }, ['corp.example.com']],
  [
    'the domain of DHCP beside its own',
    { [OWN]: { Domain: 'corp.example.com', DhcpDomain: 'site.example.com' } },
    ['corp.example.com', 'site.example.com'],
  ],
  ['the same domain twice', { [OWN]: { 'NV Domain': 'a.example', DhcpDomain: 'a.example' } }, ['a.example']],
  [
    'its own list, and nothing beside it',
    { [OWN]: { SearchList: 'a.example,b.example', Domain: 'c.example' } },
    ['a.example', 'b.example'],
  ],
  [
    'the list of a policy alone',
    { [POLICY]: { SearchList: 'p.example, q.example' }, [OWN]: { SearchList: 'a.example' } },
    ['p.example', 'q.example'],
  ],
  [
    'the primary suffix of a policy',
    { [POLICY]: { PrimaryDnsSuffix: 'p.example' }, [OWN]: { Domain: 'c.example' } },
    ['p.example'],
  ],
])('reads %s', async (_, keys, expected) => {
  expect(await windowsSearchList(registry(keys))).toEqual(expected);
});
