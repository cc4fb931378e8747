import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { CERTIFICATE_PROFILE } from './namespaces.ts';

/** How callers may show who they are; none at all: everybody is let in. */
export interface Authentication {
  readonly basic?: { readonly username: string; readonly password: string };
  /** PEM of the authorities whose client certificates are taken; HTTPS only. */
  readonly certificate?: { readonly ca: string };
  /**
   * Offered, and never accepted: there is no domain here. `kerberos alone`: as with the policy "Disallow Negotiate
   * authentication".
   */
  readonly negotiate?: true | 'kerberos alone';
}

/** Whether the caller may come in. */
export function isAdmitted(request: IncomingMessage, { basic, certificate, negotiate }: Authentication): boolean {
  if (basic === undefined && certificate === undefined && negotiate === undefined) return true;
  const header = request.headers.authorization ?? '';
  if (header === CERTIFICATE_PROFILE) {
    return certificate !== undefined && request.socket instanceof TLSSocket && request.socket.authorized;
  }
  const [scheme = '', credentials = ''] = header.split(' ');
  if (basic === undefined || scheme.toLowerCase() !== 'basic') return false;
  return isSame(Buffer.from(credentials, 'base64').toString(), `${basic.username}:${basic.password}`);
}

/** What a 401 offers, a header for each scheme. */
export function challenges({ basic, negotiate }: Authentication): readonly string[] {
  const kerberos = negotiate === undefined ? [] : ['Kerberos'];
  return [
    ...(negotiate === true ? ['Negotiate'] : []),
    ...kerberos,
    ...(basic === undefined ? [] : ['Basic realm="WSMAN"']),
  ];
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
