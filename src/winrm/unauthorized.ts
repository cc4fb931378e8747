import type { WinrmAuth } from './types.ts';

const KNOWN = ['Negotiate', 'Kerberos', 'Basic', 'NTLM', 'CredSSP', 'Digest', 'Bearer'] as const;
const BY_LOWER_CASE = new Map<string, string>(KNOWN.map((scheme) => [scheme.toLowerCase(), scheme]));
/** Microsoft's name of the login by client certificate, which stands where a scheme does. */
const CERTIFICATE = /^http:\/\/schemas\.dmtf\.org\/wbem\/wsman\/1\/wsman\/secprofile\/https\/mutual/i;

/** The schemes that a host offers, from its headers `WWW-Authenticate`; those that nobody knows are left out. */
export function offeredSchemes(challenges: readonly string[]): readonly string[] {
  const schemes = challenges.flatMap((line) =>
    line
      .slice(0, 4096)
      .split(',')
      .flatMap((part) => {
        const trimmed = part.trim();
        if (CERTIFICATE.test(trimmed)) return ['Certificate'];
        return BY_LOWER_CASE.get(/^[\w-]+/.exec(trimmed)?.[0].toLowerCase() ?? '') ?? [];
      }),
  );
  return [...new Set(schemes)];
}

/** The token that comes with `Negotiate` (or `Kerberos`), base64; empty when there is none. */
export function negotiateToken(challenges: readonly string[]): string {
  for (const line of challenges) {
    const token = /(?:^|,)\s*(?:Negotiate|Kerberos)\s+([A-Za-z0-9+/]{1,100000}={0,2})\s*(?:,|$)/i.exec(line)?.[1];
    if (token !== undefined) return token;
  }
  return '';
}

/** What to change after a 401, on the host or in the configuration. */
export function unauthorizedText(kind: WinrmAuth['kind'], schemes: readonly string[]): string {
  const offers = schemes.length === 0 ? 'it names no way to log in' : `it offers ${schemes.join(', ')}`;
  return `401, the login was not taken (${offers}): ${ADVICE[kind](schemes)}`;
}

const ADVICE: Readonly<Record<WinrmAuth['kind'], (schemes: readonly string[]) => string>> = {
  basic: (schemes) =>
    schemes.length > 0 && !schemes.includes('Basic')
      ? `Basic is off there. Turn it on (Set-Item WSMan:\\localhost\\Service\\Auth\\Basic $true), or use auth: kerberos or certificate`
      : 'check user name and password; Basic takes local accounts of the host only, use auth: kerberos for one of the domain',
  certificate: () =>
    'turn Certificate on (Set-Item WSMan:\\localhost\\Service\\Auth\\Certificate $true) and map the certificate to a local account (New-Item WSMan:\\localhost\\ClientCertificate); the host must trust its issuer, and its subject alternative name must have the user as UPN',
  kerberos: (schemes) =>
    schemes.length > 0 && !schemes.some((scheme) => scheme === 'Negotiate' || scheme === 'Kerberos')
      ? 'Negotiate and Kerberos are off there. Turn one on (Set-Item WSMan:\\localhost\\Service\\Auth\\Kerberos $true), or use another auth'
      : 'with CbtHardeningLevel Strict it wants channel binding, which is not supported: set Relaxed (Set-Item WSMan:\\localhost\\Service\\Auth\\CbtHardeningLevel Relaxed). Else check that url has the name under which the host is in the domain (SPN HTTP/name), the clocks, and that the account may log in over the network',
};
