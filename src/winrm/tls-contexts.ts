import { createHash } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { readBounded } from '../config/read-bounded.ts';
import { err, ok, type Result } from '../kernel/result.ts';

/** Which files make a connection. */
export interface TlsFiles {
  readonly caFile: string | undefined;
  /** Client certificate and key, in PEM; both or none. */
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

export interface TlsContext {
  readonly secureContext: SecureContext;
  /** The same for the same contents: a connection that was made with another one is not used any more. */
  readonly id: string;
}

/** The bundle of a distribution has some 200 KiB. */
const MAX_CA_BYTES = 4 * 1024 * 1024;
const MAX_KEY_BYTES = 64 * 1024;

/** Sets of files in use at once that are kept parsed; more are parsed again. */
const KEPT = 32;

/**
 * Authorities and client certificates, read again at every use and parsed once for each content: 500 hosts with one
 * bundle of authorities have one context, not 500. If a file cannot be read, the context that they made before stays.
 */
export class TlsContexts {
  /** By content, the least recently used first. */
  readonly #contexts = new Map<string, TlsContext>();
  /** Which context the files with these names made when all could be read last. */
  readonly #last = new Map<string, string>();

  /** @returns the context; or which file is wrong, and what to do. Never shows a file's content. */
  async get(files: TlsFiles): Promise<Result<TlsContext, string>> {
    const read = await readAll(files);
    const names = Object.values(files).filter(Boolean).join(', ');
    if (!read.ok) {
      // All of it is the old one: a new certificate has no use for the old key.
      const before = this.#contexts.get(this.#last.get(names) ?? '');
      return before === undefined ? read : ok(before);
    }
    const id = digest(Object.values(read.value));
    const known = this.#contexts.get(id);
    const made = known === undefined ? make(read.value) : ok(known.secureContext);
    if (!made.ok) return err(`${made.error} (${names})`);
    const context = { secureContext: made.value, id };
    this.#contexts.delete(id);
    this.#contexts.set(id, context);
    this.#last.set(names, id);
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size > KEPT && oldest !== undefined) this.#contexts.delete(oldest);
    return ok(context);
  }
}

interface Contents {
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
}

function make({ ca, cert, key }: Contents): Result<SecureContext, string> {
  // OpenSSL takes a text without any certificate for an empty set of authorities, which would then refuse every host.
  if (ca?.includes('-----BEGIN') === false)
    return err('the file of certificate authorities contains no PEM certificate');
  try {
    return ok(
      createSecureContext({
        minVersion: 'TLSv1.2',
        ...(ca === undefined ? {} : { ca }),
        // With 1.3 a host may only ask for the certificate after the handshake, which Node cannot answer.
        ...(cert === undefined ? {} : { cert, maxVersion: 'TLSv1.2' as const }),
        ...(key === undefined ? {} : { key }),
      }),
    );
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return err(
      `cannot use the certificate or key: both must be PEM without a passphrase, and the key must belong to the certificate; OpenSSL says ${code}`,
    );
  }
}

async function readAll({ caFile, certFile, keyFile }: TlsFiles): Promise<Result<Contents, string>> {
  const ca = await read(caFile, MAX_CA_BYTES, 'the certificate authorities');
  if (!ca.ok) return ca;
  const cert = await read(certFile, MAX_KEY_BYTES, 'the client certificate');
  if (!cert.ok) return cert;
  const key = await read(keyFile, MAX_KEY_BYTES, 'the key of the client certificate');
  return key.ok ? ok({ ca: ca.value, cert: cert.value, key: key.value }) : key;
}

async function read(
  path: string | undefined,
  limit: number,
  what: string,
): Promise<Result<Buffer | undefined, string>> {
  if (path === undefined) return ok(undefined);
  const bytes = await readBounded(path, limit);
  return bytes.ok ? bytes : err(`cannot read ${what} in ${path}: ${bytes.error}`);
}

function digest(parts: readonly (Buffer | undefined)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part?.length ?? '-'}:`).update(part ?? '');
  return hash.digest('base64');
}
