import { z } from 'zod';
import { err, ok } from '../../kernel/result.ts';
import { expects, expectsCollection, found, list, section } from '../expect.ts';
import { atMostOne, BESIDE, exactlyOne, noRepeatedItems, refuse } from '../rules.ts';
import { secretText } from '../secrets.ts';
import { flag, oneOf, plainText, textCodec, wholeNumber } from '../values.ts';
import { parseBcryptHash } from './bcrypt-hash.ts';
import { parseGoDuration } from './go-duration.ts';
import {
  CIPHER_SUITES,
  CLIENT_AUTH_TYPES,
  CURVE_NAMES,
  HTTP2_SUITES,
  TLS_VERSION_NAMES,
  TLS13_SUITES,
} from './tls-names.ts';

type Keys = Readonly<Record<string, unknown>>;
type Context = z.core.$RefinementCtx<unknown>;

const pem = (what: string) => z.string({ error: expects(what) });
const file = () => plainText('the path of a file');

const TlsServer = section({
  cert: pem('a certificate in PEM').optional(),
  key: secretText('a private key in PEM').optional(),
  client_ca: pem('certificates in PEM').optional(),
  cert_file: file().optional(),
  key_file: file().optional(),
  client_auth_type: oneOf(CLIENT_AUTH_TYPES).default('NoClientCert'),
  client_ca_file: file().optional(),
  client_allowed_sans: list(plainText('a subject alternative name'), 'subject alternative names').optional(),
  min_version: oneOf(TLS_VERSION_NAMES).default('TLS12'),
  max_version: oneOf(TLS_VERSION_NAMES).default('TLS13'),
  cipher_suites: list(oneOf(CIPHER_SUITES), 'cipher suites')
    .superRefine(noRepeatedItems('the suite'), BESIDE)
    .default([]),
  prefer_server_cipher_suites: flag().default(true),
  curve_preferences: list(oneOf(CURVE_NAMES), 'curves').superRefine(noRepeatedItems('the curve'), BESIDE).default([]),
})
  .superRefine(exactlyOne('cert', 'cert_file'), BESIDE)
  .superRefine(exactlyOne('key', 'key_file'), BESIDE)
  .superRefine(atMostOne('client_ca', 'client_ca_file'), BESIDE)
  .superRefine(clientAuthFits, BESIDE)
  .superRefine(versionsInOrder, BESIDE);

/** The headers that exporter-toolkit knows; an empty text leaves one as it is. */
const Headers = section({
  'Content-Security-Policy': headerValue().optional(),
  'X-Frame-Options': z.enum(['deny', 'sameorigin', ''], { error: expects('deny or sameorigin') }).optional(),
  'X-Content-Type-Options': z.enum(['nosniff', ''], { error: expects('nosniff') }).optional(),
  'X-XSS-Protection': headerValue().optional(),
  'Strict-Transport-Security': headerValue().optional(),
});

const HttpServer = section({ http2: flag().default(true), headers: Headers.prefault({}) });

const Users = z
  .record(z.string(), secretText('a bcrypt hash', parseBcryptHash), {
    error: expectsCollection('user names, each with a bcrypt hash'),
  })
  .superRefine((users, context) => {
    for (const name of Object.keys(users ?? {})) {
      const fault = nameFault(name);
      if (fault !== undefined) refuse(context, [name], fault);
    }
  }, BESIDE);

const RateLimit = section({
  interval: z.unknown().transform(readInterval).prefault(0),
  burst: wholeNumber(0, 1_000_000).default(0),
}).superRefine(({ interval, burst }: Keys, context: Context) => {
  const limits = typeof interval === 'number' && interval > 0;
  if (limits && burst === 0) refuse(context, ['burst'], 'must be at least 1: with 0, no request is ever answered');
}, BESIDE);

/** The file of `web.config_file`: the schema of Prometheus' exporter-toolkit (docs/web-configuration.md there). */
export const WebFileSchema = section({
  tls_server_config: TlsServer.optional(),
  http_server_config: HttpServer.prefault({}),
  basic_auth_users: Users.prefault({}),
  rate_limit: RateLimit.prefault({}),
}).superRefine(http2Suites, BESIDE);

export type WebFile = z.output<typeof WebFileSchema>;
export type TlsServerConfig = NonNullable<WebFile['tls_server_config']>;

function headerValue() {
  return textCodec(
    'the value of a header',
    (text) => (/^[\x20-\x7e]*$/.test(text) ? ok(text) : err('must be plain ASCII on one line')),
    (text) => text,
  );
}

/** Go writes it as text with a unit, or 0. */
function readInterval(value: unknown, context: z.RefinementCtx): number {
  const duration = parseGoDuration(value === 0 ? '0' : typeof value === 'string' ? value : '');
  if (duration.ok) return duration.value;
  context.addIssue(`expected a duration such as 100ms or 1s, or 0 for no limit, found ${found(value)}`);
  return z.NEVER;
}

/** RFC 7617 2: a colon ends the name. */
function nameFault(name: string): string | undefined {
  if (name === '') return 'must not be empty: expected a user name';
  return /[:\p{Cc}]/u.test(name) || name.length > 100
    ? 'is not a user name: at most 100 characters, no colon and no control characters'
    : undefined;
}

function clientAuthFits(value: Keys, context: Context): void {
  const { client_auth_type: type = 'NoClientCert', client_allowed_sans: sans } = value;
  const hasCa = value['client_ca'] !== undefined || value['client_ca_file'] !== undefined;
  const verifies = type === 'VerifyClientCertIfGiven' || type === 'RequireAndVerifyClientCert';
  if (hasCa && type === 'NoClientCert') {
    const key = value['client_ca_file'] === undefined ? 'client_ca' : 'client_ca_file';
    refuse(context, [key], 'has no effect without client_auth_type: set it to RequireAndVerifyClientCert');
  }
  if (!hasCa && verifies) {
    refuse(context, ['client_auth_type'], 'needs client_ca_file: without it any public authority could let clients in');
  }
  const requires =
    type === 'RequireAndVerifyClientCert' || type === 'RequireAnyClientCert' || type === 'RequireClientCert';
  if (sans !== undefined && !requires) {
    const help = 'requires client_auth_type to be RequireAnyClientCert or RequireAndVerifyClientCert';
    refuse(context, ['client_allowed_sans'], help);
  }
}

function versionsInOrder({ min_version: least, max_version: most }: Keys, context: Context): void {
  const names: readonly unknown[] = TLS_VERSION_NAMES;
  if (names.indexOf(least) > names.indexOf(most) && names.includes(most)) {
    refuse(context, ['min_version'], `must not be above max_version (${String(most)})`);
  }
}

/** Without it HTTP/2 clients would get an error on every connection with TLS 1.2; Go refuses to start as well. */
function http2Suites(value: Keys, context: Context): void {
  const { tls_server_config: tls, http_server_config: http } = value as Partial<WebFile>;
  const suites: readonly string[] = Array.isArray(tls?.cipher_suites) ? tls.cipher_suites : [];
  const older = suites.filter((suite) => !TLS13_SUITES.some((name) => name === suite));
  if (http?.http2 !== true || older.length === 0 || tls?.min_version === 'TLS13') return;
  if (older.some((suite) => HTTP2_SUITES.includes(suite))) return;
  const help = `lacks ${HTTP2_SUITES.join(' or ')}, which HTTP/2 needs: add the one that fits your key, or set http2: false`;
  refuse(context, ['tls_server_config', 'cipher_suites'], help);
}
