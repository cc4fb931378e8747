import { formatHostPort } from '../kernel/address.ts';
import { networkFailure, networkText } from '../kernel/network-failure.ts';
import { failed, type Leg, type LegResult } from './leg.ts';

/** What became of the socket of a lookup, for a person. */
export function lookupFailure(error: Error, protocol: 'UDP' | 'TCP', { address, port }: Leg): LegResult {
  const failure = networkFailure(error);
  const text = networkText(failure, { refused: 'is a name server running there?' });
  // The agent's own lack of files is no silence of the server.
  if (failure.cause === 'process_files' || failure.cause === 'system_files') return failed('other', text);
  return failed('network', `${protocol} ${formatHostPort(address, port)}: ${text}`);
}
