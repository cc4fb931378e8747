import { dirname, resolve } from 'node:path';
import { printable } from '../../kernel/host-name.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { Secret } from '../../kernel/secret.ts';
import { readText } from '../config-file.ts';
import { loadYaml, locate } from '../load.ts';
import type { Mistake } from '../mistakes.ts';
import { type TlsServerConfig, type WebFile, WebFileSchema } from './schema.ts';
import type { TlsSettings } from './tls-settings.ts';

/** How the web side may be reached, as the file of `web.config_file` says. */
export interface WebSettings {
  /** Undefined: plain HTTP. */
  readonly tls: TlsSettings | undefined;
  /** With TLS only. */
  readonly http2: boolean;
  /** Names in the file's spelling; they replace those of the program. */
  readonly headers: ReadonlyMap<string, string>;
  /** Names with their bcrypt hashes; if empty, no password is required. */
  readonly users: ReadonlyMap<string, Secret>;
  /** Requests that are let through: `burst` at once, and one each `interval` milliseconds. Undefined: no limit. */
  readonly rateLimit: { readonly interval: number; readonly burst: number } | undefined;
}

/** Without a file: as exporter-toolkit has it. */
export const OPEN_WEB: WebSettings = {
  tls: undefined,
  http2: true,
  headers: new Map(),
  users: new Map(),
  rateLimit: undefined,
};

export interface LoadedWebSettings {
  readonly settings: WebSettings;
  /** The file itself, and those that it names: what to watch for changes. */
  readonly files: readonly string[];
}

/** A check across files: everyone who may see the pages must be one of the users. */
export interface WebNeeds {
  readonly users: readonly string[];
}

/** Reads the file of `web.config_file`, with the certificates and the key that it names. */
export async function loadWebSettings(path: string, needs: WebNeeds): Promise<Result<LoadedWebSettings, Mistake[]>> {
  const text = await readText(path);
  if (!text.ok) return text;
  const loaded = loadYaml(text.value, dirname(resolve(path)), WebFileSchema);
  if (!loaded.ok) return loaded;
  const { data, source } = loaded.value;
  const unknown = needs.users.find((user) => !Object.hasOwn(data.basic_auth_users, user));
  if (unknown !== undefined) {
    const message = `lacks the user '${printable(unknown)}' listed in web.pages.users`;
    return err([locate(source, { path: ['basic_auth_users'], part: 'value', message })]);
  }
  const tls = data.tls_server_config && (await readTls(data.tls_server_config));
  if (tls?.ok === false) return err([locate(source, tls.error)]);
  return ok({ settings: settingsOf(data, tls?.value), files: filesOf(path, data) });
}

/** Loaded for those who configure it: Node's TLS is 3 MB. */
async function readTls(config: TlsServerConfig) {
  const { readTlsSettings } = await import('./tls-settings.ts');
  return readTlsSettings(config);
}

function settingsOf(file: WebFile, tls: TlsSettings | undefined): WebSettings {
  const { http_server_config: http, rate_limit: rate } = file;
  const headers = Object.entries(http.headers).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return {
    tls,
    http2: http.http2,
    headers: new Map(headers),
    users: new Map(Object.entries(file.basic_auth_users)),
    rateLimit: rate.interval > 0 ? { interval: rate.interval, burst: rate.burst } : undefined,
  };
}

function filesOf(path: string, { tls_server_config: tls }: WebFile): readonly string[] {
  return [path, tls?.cert_file, tls?.key_file, tls?.client_ca_file].filter((file) => file !== undefined);
}
