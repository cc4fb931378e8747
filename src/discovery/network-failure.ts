import { formatHostPort } from '../kernel/address.ts';
import { networkFailure, networkText } from '../kernel/network-failure.ts';
import { failed, type Leg, type LegResult } from './leg.ts';

/** What became of the socket of a lookup, for a person. */
export function lookupFailure(error: Error, protocol: 'UDP' | 'TCP', { address, port }: Leg): LegResult {
  const text = networkText(networkFailure(error), { refused: 'is a name server running there?' });
  return failed('network', `${protocol} ${formatHostPort(address, port)}: ${text}`);
}
