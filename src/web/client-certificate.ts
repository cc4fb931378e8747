import type { X509Certificate } from 'node:crypto';
import { isIP, SocketAddress } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsSettings } from '../config/web-file/tls-settings.ts';

/** Whether the client has shown a certificate as `client_auth_type` and `client_allowed_sans` demand. */
export function isWelcome(socket: TLSSocket, { clientAuth, allowedSans }: TlsSettings): boolean {
  if (clientAuth === 'NoClientCert' || clientAuth === 'RequestClientCert') return true;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return clientAuth === 'VerifyClientCertIfGiven';
  const verifies = clientAuth === 'VerifyClientCertIfGiven' || clientAuth === 'RequireAndVerifyClientCert';
  if (verifies && !socket.authorized) return false;
  return allowedSans === undefined || subjectAlternativeNames(certificate).some((name) => allowedSans.includes(name));
}

/** Names, mail addresses, IP addresses and URIs, in the spelling of Go. */
export function subjectAlternativeNames({ subjectAltName = '' }: Pick<X509Certificate, 'subjectAltName'>): string[] {
  // Node quotes what has a comma in it as JSON does, so that a name cannot pass for two.
  const parts = subjectAltName.match(/[A-Za-z ]+:(?:"(?:[^"\\]|\\.)*"|[^,]*)/g) ?? [];
  return parts.flatMap((part) => {
    const colon = part.indexOf(':');
    const kind = part.slice(0, colon).trim();
    const value = unquote(part.slice(colon + 1));
    if (kind === 'IP Address') return isIP(value) === 0 ? [] : [canonicalAddress(value)];
    return kind === 'DNS' || kind === 'email' || kind === 'URI' ? [value] : [];
  });
}

function unquote(value: string): string {
  return value.startsWith('"') ? String(JSON.parse(value)) : value;
}

/** OpenSSL writes IPv6 in capitals and in full. */
function canonicalAddress(address: string): string {
  return new SocketAddress({ address, family: isIP(address) === 6 ? 'ipv6' : 'ipv4' }).address;
}
