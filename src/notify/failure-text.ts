import { networkFailure, networkText } from '../kernel/network-failure.ts';
import { ProxyUnreachable } from './proxy.ts';

/** Before what is known of an exchange that a proxy was asked to pass on. */
export const THROUGH_PROXY = 'through the proxy: ';

/**
 * Why a delivery failed, for people. It never has the address in it, or a part of it.
 * @param asksProxy whether a tunnel through a proxy was asked for
 */
export function failureText(error: unknown, asksProxy: boolean): string {
  const status = proxyStatus(error);
  if (status !== undefined) return `the proxy refuses (HTTP ${status})${PROXY_HINTS.get(status) ?? ''}`;
  const failure = networkFailure(error);
  const noUrl = NO_URL.get(failure.code);
  if (noUrl !== undefined) return noUrl;
  if (isOfProxy(error)) return `the proxy cannot be used: ${networkText(failure, REMEDIES)}`;
  return `${asksProxy ? THROUGH_PROXY : ''}${networkText(failure, REMEDIES)}`;
}

/** In the words of undici, which has no other place for the status; digits alone are taken from them. */
const STATUS_OF_PROXY = /^Proxy response \((\d{3})\)|^Proxy Authentication Required \((\d{3})\)/;

function proxyStatus(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, tunnel, forward] = STATUS_OF_PROXY.exec(error.message) ?? [];
  const status = tunnel ?? forward;
  return status === undefined ? proxyStatus(error.cause) : Number(status);
}

const UNREACHED = ': it cannot reach the receiver';
const LOGIN =
  ': it requires a login. Put a user name and a password into proxy_url, or correct them. If it only accepts NTLM or ' +
  'Kerberos, have it let this machine through without a login: kmswatch can only log in with Basic';
const PROXY_HINTS: ReadonlyMap<number, string> = new Map([
  [401, LOGIN],
  [403, ': it does not allow this address'],
  [405, ': it makes no tunnels to this port'],
  [407, LOGIN],
  [502, UNREACHED],
  [503, UNREACHED],
  [504, UNREACHED],
]);

/** The proxy could not be reached, or closed the connection instead of an answer to CONNECT. */
function isOfProxy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof ProxyUnreachable || error.name === 'ProxyConnectionError' || isOfProxy(error.cause);
}

/** A file with a secret may have anything in it. */
const NO_URL: ReadonlyMap<string | undefined, string> = new Map([
  ['ERR_INVALID_URL', 'the address is not a URL'],
  ['UND_ERR_INVALID_ARG', 'the address is not an http or https URL'],
]);
const UNTRUSTED = 'name its authority in ca_file';
const REMEDIES = {
  tls_self_signed: UNTRUSTED,
  tls_untrusted: UNTRUSTED,
  tls_client: 'set cert_file and key_file',
  tls_missing: 'write http instead of https, or ask for its port with TLS',
};
