/** Words for each way in which a connection ends; `it` is the other side. */
const TEXTS = {
  no_name: 'its name does not resolve',
  no_name_now: 'its name does not resolve at the moment',
  refused: 'nothing is listening on the port, or a firewall rejects the connection',
  unreachable: 'the network cannot reach it',
  network_down: 'the network interface is down',
  no_answer: 'no answer to the connection attempt',
  forbidden: 'this system or its firewall blocks the connection',
  no_source: 'this system has no address of that family, or no free port, for the connection',
  process_files: 'this process has too many open files',
  system_files: 'this system has too many open files',
  reset: 'it reset the connection',
  closed: 'it closed the connection before its answer was complete',
  header_too_large: 'the header of its answer is too large',
  body_too_large: 'its answer is too large',
  tls_name: 'its certificate is for another name',
  tls_expired: 'its certificate has expired',
  tls_not_yet_valid: 'its certificate is not valid yet',
  tls_revoked: 'its certificate was revoked',
  tls_self_signed: 'its certificate, or its authority, is self-signed and not trusted here',
  tls_untrusted: 'its certificate is signed by an authority that is not trusted here',
  tls_missing: 'it does not speak TLS there',
  tls_client: 'it rejects the client certificate, or requires one',
  tls_other: 'no TLS connection',
} as const;

/** Why there is no connection, or no complete answer over it. */
export type NetworkCause = keyof typeof TEXTS;

/** The codes of the system, of Node's TLS (OpenSSL's X509_V_ERR_*) and of the HTTP client. */
const CAUSES: ReadonlyMap<string, NetworkCause> = new Map([
  ['ENOTFOUND', 'no_name'],
  ['EAI_AGAIN', 'no_name_now'],
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ENETDOWN', 'network_down'],
  ['ETIMEDOUT', 'no_answer'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no_answer'],
  ['EACCES', 'forbidden'],
  ['EPERM', 'forbidden'],
  ['EADDRNOTAVAIL', 'no_source'],
  ['EAFNOSUPPORT', 'no_source'],
  ['EMFILE', 'process_files'],
  ['ENFILE', 'system_files'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'closed'],
  ['UND_ERR_HEADERS_OVERFLOW', 'header_too_large'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'body_too_large'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_name'],
  ['HOSTNAME_MISMATCH', 'tls_name'],
  ['CERT_HAS_EXPIRED', 'tls_expired'],
  ['CERT_NOT_YET_VALID', 'tls_not_yet_valid'],
  ['CERT_REVOKED', 'tls_revoked'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_self_signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls_self_signed'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'tls_untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls_untrusted'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_missing'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'tls_missing'],
]);

/** Of the many other codes of TLS, by their beginnings. */
const TLS_CLIENT = /^ERR_SSL_.*(?:CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/;
const TLS_OTHER = /^(?:ERR_SSL_|ERR_TLS_|EPROTO|CERT_|CRL_|UNABLE_TO_|INVALID_|PATH_LENGTH)/;

/** What an error code says of a connection; undefined for a code that says nothing of one. */
export function networkCause(code: string): NetworkCause | undefined {
  const known = CAUSES.get(code);
  if (known !== undefined) return known;
  if (TLS_CLIENT.test(code)) return 'tls_client';
  return TLS_OTHER.test(code) ? 'tls_other' : undefined;
}

export interface NetworkFailure {
  readonly cause: NetworkCause | undefined;
  /** Undefined when the error has none. */
  readonly code: string | undefined;
}

/**
 * What became of a connection, by the codes of an error, of its causes and of the addresses that were tried. Their
 * messages are not read: they may hold secrets, or text that the other side sent.
 */
export function networkFailure(error: unknown): NetworkFailure {
  const codes = codesOf(error, 4);
  for (const code of codes) {
    const cause = networkCause(code);
    if (cause !== undefined) return { cause, code };
  }
  return { cause: undefined, code: codes[0] };
}

/**
 * For a person: what happened, the code to look up, and what to do where the caller knows it.
 * @param remedies follow the text after a colon
 */
export function networkText(
  { cause, code }: NetworkFailure,
  remedies: Readonly<Partial<Record<NetworkCause, string>>> = {},
): string {
  const what = cause === undefined ? 'the connection failed' : TEXTS[cause];
  const text = code === undefined ? what : `${what} (${code})`;
  const remedy = cause === undefined ? undefined : { ...SAME_FOR_ALL, ...remedies }[cause];
  return remedy === undefined ? text : `${text}: ${remedy}`;
}

const SAME_FOR_ALL: Readonly<Partial<Record<NetworkCause, string>>> = {
  process_files: 'raise its limit (LimitNOFILE)',
  system_files: 'close programs that have many, or raise the limit of the system (fs.file-max)',
};

function codesOf(error: unknown, depth: number): readonly string[] {
  if (typeof error !== 'object' || error === null || depth === 0) return [];
  const own = 'code' in error && typeof error.code === 'string' && CODE.test(error.code) ? [error.code] : [];
  const cause = 'cause' in error ? codesOf(error.cause, depth - 1) : [];
  const several =
    error instanceof AggregateError ? error.errors.flatMap((each: unknown) => codesOf(each, depth - 1)) : [];
  return [...own, ...cause, ...several];
}

const CODE = /^[A-Z][A-Z0-9_]{1,79}$/;
