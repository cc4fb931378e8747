import { errors } from 'undici';
import { type NetworkCause, networkFailure, networkText } from '../kernel/network-failure.ts';
import type { WinrmReason } from './types.ts';

export interface Meaning {
  readonly reason: WinrmReason;
  /** What happened, and what to do; without the place. */
  readonly text: string;
}

const REMEDIES: Readonly<Partial<Record<NetworkCause, string>>> = {
  no_name: 'check the name in url, and DNS',
  no_name_now: 'check DNS',
  refused: 'is there a WinRM listener for HTTPS (winrm enumerate winrm/config/listener)?',
  no_answer: 'is the port open in its firewall?',
  tls_name: 'use a name from the certificate in url',
  tls_expired: 'renew it and bind it to the listener',
  tls_not_yet_valid: 'check the clocks',
  tls_self_signed: 'put it into ca_file',
  tls_untrusted: 'put that authority into ca_file',
  tls_missing: 'the port for HTTPS is 5986, the port for HTTP is 5985',
};

/** What became of a connection, for a person. The error's own text is left out: it may hold what the host sent. */
export function connectionFailure(error: unknown): Meaning {
  // Its message and its data are what the host sent.
  if (error instanceof errors.HTTPParserError) return { reason: 'malformed', text: 'its answer is not HTTP' };
  const failure = networkFailure(error);
  return { reason: reasonOf(failure.cause), text: networkText(failure, REMEDIES) };
}

function reasonOf(cause: NetworkCause | undefined): WinrmReason {
  if (cause === undefined) return 'network';
  if (cause.startsWith('tls_')) return 'tls';
  return cause === 'header_too_large' || cause === 'body_too_large' ? 'too_large' : 'network';
}
