import { errors } from 'undici';
import type { WinrmReason } from './types.ts';

export interface Meaning {
  readonly reason: WinrmReason;
  /** What happened, and what to do; without the place. */
  readonly text: string;
}

const network = (text: string): Meaning => ({ reason: 'network', text });
const tls = (text: string): Meaning => ({ reason: 'tls', text });

const UNTRUSTED = tls(
  'its certificate is signed by an authority that is not trusted here: put that authority into ca_file',
);
const SELF_SIGNED = tls('its certificate, or its authority, is self-signed and not trusted here: put it into ca_file');
const RESET = network('it reset the connection');

const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['ENOTFOUND', network('its name does not resolve: check the name in url, and DNS')],
  ['EAI_AGAIN', network('its name does not resolve at the moment: check DNS')],
  [
    'ECONNREFUSED',
    network(
      'refused, nothing is listening there: is there a WinRM listener for HTTPS (winrm enumerate winrm/config/listener)?',
    ),
  ],
  ['EHOSTUNREACH', network('no route to it, or a firewall rejects the connection')],
  ['ENETUNREACH', network('no route to it')],
  ['EADDRNOTAVAIL', network('this machine has no address of that family')],
  ['ETIMEDOUT', network('it does not answer: is the port open in its firewall?')],
  ['EACCES', network('a local firewall blocks it')],
  ['EPERM', network('a local firewall blocks it')],
  ['EMFILE', network('too many open files: raise the limit (LimitNOFILE)')],
  ['ENFILE', network('too many open files in this system')],
  ['ECONNRESET', RESET],
  ['EPIPE', RESET],
  ['UND_ERR_SOCKET', network('it closed the connection before its answer was complete')],
  ['UND_ERR_CONNECT_TIMEOUT', network('it does not answer: is the port open in its firewall?')],
  ['UND_ERR_HEADERS_OVERFLOW', { reason: 'too_large', text: 'the header of its answer is too large' }],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', { reason: 'too_large', text: 'its answer is too large' }],
  ['ERR_TLS_CERT_ALTNAME_INVALID', tls('its certificate is for another name: use a name from the certificate in url')],
  ['HOSTNAME_MISMATCH', tls('its certificate is for another name: use a name from the certificate in url')],
  ['CERT_HAS_EXPIRED', tls('its certificate has expired: renew it and bind it to the listener')],
  ['CERT_NOT_YET_VALID', tls('its certificate is not valid yet: check the clocks')],
  ['CERT_REVOKED', tls('its certificate was revoked')],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', SELF_SIGNED],
  ['SELF_SIGNED_CERT_IN_CHAIN', SELF_SIGNED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED],
  [
    'ERR_SSL_WRONG_VERSION_NUMBER',
    tls('it does not speak TLS there: the port for HTTPS is 5986, the port for HTTP is 5985'),
  ],
  [
    'ERR_SSL_PACKET_LENGTH_TOO_LONG',
    tls('it does not speak TLS there: the port for HTTPS is 5986, the port for HTTP is 5985'),
  ],
]);

/** What became of a connection, for a person. The error's own text is left out: it may hold what the host sent. */
export function networkFailure(error: unknown): Meaning {
  // Its message and its data are what the host sent.
  if (error instanceof errors.HTTPParserError) return { reason: 'malformed', text: 'its answer is not HTTP' };
  for (const code of codesOf(error, 4)) {
    const known = MEANINGS.get(code);
    if (known !== undefined) return known;
    if (/^ERR_SSL_.*(?:CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/.test(code)) {
      return tls(`it rejects the client certificate, or requires one (${code})`);
    }
    if (/^(?:ERR_SSL_|ERR_TLS_|EPROTO|CERT_|CRL_|UNABLE_TO_|INVALID_|PATH_LENGTH)/.test(code)) {
      return tls(`no TLS connection (${code})`);
    }
  }
  const [code] = codesOf(error, 4);
  return network(code === undefined ? 'the connection broke' : `the connection broke (${code})`);
}

/** The error's code, that of its cause, and those of the addresses that were tried. */
function codesOf(error: unknown, depth: number): string[] {
  if (typeof error !== 'object' || error === null || depth === 0) return [];
  const own =
    'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,80}$/.test(error.code) ? [error.code] : [];
  const cause = 'cause' in error ? codesOf(error.cause, depth - 1) : [];
  const several =
    error instanceof AggregateError ? error.errors.flatMap((each: unknown) => codesOf(each, depth - 1)) : [];
  return [...own, ...cause, ...several];
}
