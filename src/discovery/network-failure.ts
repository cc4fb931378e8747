import { formatHostPort } from '../kernel/address.ts';
import { failed, type Leg, type LegResult } from './leg.ts';

const MEANINGS = new Map<unknown, string>([
  ['ECONNREFUSED', 'refused: no name server is listening there'],
  ['EHOSTUNREACH', 'no route to it'],
  ['ENETUNREACH', 'no route to it'],
  ['EADDRNOTAVAIL', 'this machine has no address of that family'],
  ['EAFNOSUPPORT', 'this machine has no address of that family'],
  ['EACCES', 'a local firewall blocks it'],
  ['EPERM', 'a local firewall blocks it'],
  ['EMFILE', 'too many open files: raise the limit (LimitNOFILE)'],
  ['ECONNRESET', 'it reset the connection'],
]);

/** What the operating system said of a socket, for a person. */
export function networkFailure(error: Error, protocol: 'UDP' | 'TCP', { address, port }: Leg): LegResult {
  const code = 'code' in error ? error.code : undefined;
  const meaning = MEANINGS.get(code) ?? (typeof code === 'string' ? code : error.message);
  return failed('network', `${protocol} ${formatHostPort(address, port)}: ${meaning}`);
}
