import type { WinrmAuth } from './types.ts';

const KNOWN = ['Negotiate', 'Kerberos', 'Basic', 'NTLM', 'CredSSP', 'Digest', 'Bearer'] as const;
const BY_LOWER_CASE = new Map<string, string>(KNOWN.map((scheme) => [scheme.toLowerCase(), scheme]));
/** Microsoft's name for the login by client certificate, used in place of a scheme. */
const CERTIFICATE = /^http:\/\/schemas\.dmtf\.org\/wbem\/wsman\/1\/wsman\/secprofile\/https\/mutual/i;

/** The schemes that a host offers, from its `WWW-Authenticate` headers; unknown ones are left out. */
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

/** Changes to make after a 401, on the host or in the configuration. */
export function unauthorizedText(kind: WinrmAuth['kind'], schemes: readonly string[]): string {
  const offers = schemes.length === 0 ? 'it offers no login method' : `it offers ${schemes.join(', ')}`;
  return `401, the login was rejected (${offers}): ${ADVICE[kind](schemes)}`;
}

const ADVICE: Readonly<Record<WinrmAuth['kind'], (schemes: readonly string[]) => string>> = {
  basic: (schemes) =>
    schemes.length > 0 && !schemes.includes('Basic')
      ? `Basic is off on the host. Turn it on (Set-Item WSMan:\\localhost\\Service\\Auth\\Basic $true), or use auth: kerberos or certificate`
      : 'check the user name and password; Basic accepts only local accounts of the host, so use auth: kerberos for a domain account',
  certificate: () =>
    'turn Certificate on (Set-Item WSMan:\\localhost\\Service\\Auth\\Certificate $true) and map the certificate to a local account (New-Item WSMan:\\localhost\\ClientCertificate); the host must trust its issuer, and its subject alternative name must contain the user as UPN',
  kerberos: (schemes) =>
    schemes.length > 0 && !schemes.includes('Negotiate')
      ? 'Negotiate is off on the host, and kmswatch logs in by Kerberos through it. Turn it on (Set-Item WSMan:\\localhost\\Service\\Auth\\Negotiate $true, or the policy "Disallow Negotiate authentication"), or use another auth'
      : 'if its CbtHardeningLevel is Strict, it requires channel binding, which kmswatch does not support: set Relaxed (Set-Item WSMan:\\localhost\\Service\\Auth\\CbtHardeningLevel Relaxed). Otherwise check that url has the domain name of the host (SPN HTTP/name), that the clocks agree, and that the account may log in over the network',
};
