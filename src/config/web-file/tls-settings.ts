import { constants } from 'node:crypto';
import { createSecureContext, DEFAULT_CIPHERS, type SecureContextOptions } from 'node:tls';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { Finding } from '../issues.ts';
import { NOT_ITS_KEY, readCertificates, readKey } from '../pem.ts';
import { readBounded } from '../read-bounded.ts';
import type { TlsServerConfig } from './schema.ts';
import { type ClientAuthType, CURVES, TLS_VERSIONS, TLS12_SUITES, TLS13_SUITES } from './tls-names.ts';

/** The settings that a listener needs for TLS. */
export interface TlsSettings {
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuthType;
  /** Of which a client's certificate must have one; undefined accepts every name. */
  readonly allowedSans: readonly string[] | undefined;
  /** Milliseconds since the epoch at which the certificate is no longer valid. */
  readonly validTo: number;
}

/** A chain of a dozen certificates; a bundle of authorities. */
const MAX_PEM_BYTES = 1024 * 1024;

type Read<T> = Promise<Result<T, Finding>>;

/**
 * Reads certificates and key, and tries whether they fit together.
 * @returns the settings; or what is wrong, with its place under `tls_server_config`
 */
export async function readTlsSettings(config: TlsServerConfig): Read<TlsSettings> {
  const cert = await pemOf(config.cert, config.cert_file, 'cert');
  if (!cert.ok) return cert;
  const certificates = readCertificates(cert.value);
  if (!certificates.ok) return finding(config, 'cert', certificates.error);
  const key = await pemOf(config.key?.reveal(), config.key_file, 'key');
  if (!key.ok) return key;
  const privateKey = readKey(key.value);
  if (!privateKey.ok) return finding(config, 'key', privateKey.error);
  const [leaf] = certificates.value;
  if (leaf?.checkPrivateKey(privateKey.value) !== true) {
    return finding(config, 'key', NOT_ITS_KEY);
  }
  const ca = await readClientCa(config);
  if (!ca.ok) return ca;
  const context = contextOptions(config, cert.value, key.value, ca.value);
  const usable = tryContext(context);
  if (!usable.ok) return finding(config, 'cert', usable.error);
  return ok({
    context,
    clientAuth: config.client_auth_type,
    allowedSans: config.client_allowed_sans,
    validTo: leaf.validToDate.getTime(),
  });
}

function contextOptions(
  config: TlsServerConfig,
  cert: string,
  key: string,
  ca: string | undefined,
): SecureContextOptions {
  const asksClients = config.client_auth_type !== 'NoClientCert';
  return {
    cert,
    key,
    ...(ca === undefined ? {} : { ca }),
    minVersion: TLS_VERSIONS[config.min_version],
    maxVersion: TLS_VERSIONS[config.max_version],
    honorCipherOrder: config.prefer_server_cipher_suites,
    ciphers: ciphersOf(config),
    ...(config.curve_preferences.length === 0
      ? {}
      : { ecdhCurve: config.curve_preferences.map((name) => CURVES[name]).join(':') }),
    // A resumed session would bring along the verdict on a certificate that may have been withdrawn since.
    ...(asksClients ? { secureOptions: constants.SSL_OP_NO_TICKET } : {}),
  };
}

function ciphersOf({ cipher_suites: suites, min_version: least }: TlsServerConfig): string {
  const older = suites.flatMap((name) =>
    name in TLS12_SUITES ? [TLS12_SUITES[name as keyof typeof TLS12_SUITES]] : [],
  );
  const listed = suites.length === 0 ? DEFAULT_CIPHERS : [...TLS13_SUITES, ...older].join(':');
  // OpenSSL 3 has no suite for TLS 1.0 and 1.1 above this level.
  return least === 'TLS10' || least === 'TLS11' ? `${listed}:@SECLEVEL=0` : listed;
}

async function readClientCa(config: TlsServerConfig): Read<string | undefined> {
  if (config.client_ca === undefined && config.client_ca_file === undefined) return ok(undefined);
  const ca = await pemOf(config.client_ca, config.client_ca_file, 'client_ca');
  if (!ca.ok) return ca;
  const certificates = readCertificates(ca.value);
  return certificates.ok ? ca : finding(config, 'client_ca', certificates.error);
}

function finding(config: TlsServerConfig, key: 'cert' | 'key' | 'client_ca', message: string): Result<never, Finding> {
  const inFile = config[`${key}_file`];
  const text = inFile === undefined ? message : `${inFile}: ${message}`;
  return err({ path: ['tls_server_config', inFile === undefined ? key : `${key}_file`], part: 'value', message: text });
}

async function pemOf(inline: string | undefined, path: string | undefined, key: string): Read<string> {
  if (path === undefined) return ok(inline ?? '');
  const bytes = await readBounded(path, MAX_PEM_BYTES);
  if (bytes.ok) return ok(bytes.value.toString('latin1'));
  const message = `cannot read ${path}: ${bytes.error}`;
  return err({ path: ['tls_server_config', `${key}_file`], part: 'value', message });
}

function tryContext(options: SecureContextOptions): Result<undefined, string> {
  try {
    createSecureContext(options);
    return ok(undefined);
  } catch (error) {
    return err(`cannot be used for TLS: ${error instanceof Error ? error.message : 'unknown reason'}`);
  }
}
