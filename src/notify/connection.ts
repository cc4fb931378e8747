import { readBounded } from '../config/read-bounded.ts';
import type { Config } from '../config/schema.ts';
import { type SecretSource, secretSource } from '../config/secrets.ts';
import { err, ok, type Result } from '../kernel/result.ts';

/** How a receiver is reached. Its files are read again at each delivery, so that they can be renewed. */
export interface Connection {
  /** Undefined: as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of the environment say. */
  readonly proxy: SecretSource | undefined;
  readonly bearer: SecretSource | undefined;
  /** PEM files: the authorities that sign the receiver's certificate, and what the agent shows of itself. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

export const DIRECT: Connection = {
  proxy: undefined,
  bearer: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
};

export function connectionOf(entry: Config['notify'][number]): Connection {
  return {
    proxy: secretSource(entry.proxy_url, entry.proxy_url_file),
    bearer: secretSource(entry.bearer_token, entry.bearer_token_file),
    ca: entry.ca_file,
    cert: entry.cert_file,
    key: entry.key_file,
  };
}

/** The same with what is in the files now. */
export interface OpenConnection {
  readonly proxy: string | undefined;
  readonly bearer: string | undefined;
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

/** Octets of a PEM file: hundreds of authorities fit in. */
const MAX_PEM = 2 ** 20;

/** @returns why a file cannot be read, and which, otherwise */
export async function openConnection(connection: Connection): Promise<Result<OpenConnection, string>> {
  const tls = await readTls(connection);
  if (!tls.ok) return tls;
  const secrets: { proxy?: string; bearer?: string } = {};
  for (const part of ['proxy', 'bearer'] as const) {
    const secret = await connection[part]?.read();
    if (secret === undefined) continue;
    if (!secret.ok) return secret;
    secrets[part] = secret.value.reveal().trim();
  }
  return ok({ proxy: secrets.proxy, bearer: secrets.bearer, tls: tls.value });
}

/** What the files with these names had in them when all could be read last. */
const lastRead = new Map<string, OpenConnection['tls']>();

/** If one cannot be read, all of them stay as they were: a new certificate has no use for the old key. */
async function readTls(connection: Connection): Promise<Result<OpenConnection['tls'], string>> {
  const names = JSON.stringify([connection.ca, connection.cert, connection.key]);
  const tls: { ca?: Buffer; cert?: Buffer; key?: Buffer } = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const path = connection[part];
    if (path === undefined) continue;
    const octets = await readBounded(path, MAX_PEM);
    if (octets.ok) tls[part] = octets.value;
    else {
      const before = lastRead.get(names);
      return before === undefined ? err(`cannot read ${part}_file ${path}: ${octets.error}`) : ok(before);
    }
  }
  lastRead.set(names, tls);
  return ok(tls);
}
