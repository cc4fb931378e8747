import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { err, ok, type Result } from '../kernel/result.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

export const NOT_ITS_KEY = 'does not belong to the certificate: specify a matching pair';

/** @returns at least one */
export function readCertificates(text: string): Result<[X509Certificate, ...X509Certificate[]], string> {
  const [first, ...rest] = text.match(BLOCK) ?? [];
  if (first === undefined) return err('contains no PEM certificate (-----BEGIN CERTIFICATE-----)');
  try {
    return ok([new X509Certificate(first), ...rest.map((block) => new X509Certificate(block))]);
  } catch {
    return err('contains a certificate that cannot be read');
  }
}

/** OpenSSL's message about a key may contain parts of it, so it is not repeated. */
export function readKey(text: string): Result<KeyObject, string> {
  try {
    return ok(createPrivateKey(text));
  } catch {
    return err('contains no readable PEM private key; keys with a passphrase are not supported');
  }
}
