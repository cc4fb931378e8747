import { validateDetailed } from 'node-cron';
import { z } from 'zod';
import { type Endpoint, formatHostPort, parseHostPort } from '../kernel/address.ts';
import { formatDuration, parseDuration } from '../kernel/duration.ts';
import { type HostName, parseHostName } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Millis } from '../kernel/time.ts';
import { alternatives, expects, found } from './expect.ts';
import { parseUrl } from './parse-url.ts';
import { formatSize, parseSize } from './size.ts';

// Each object of the configuration is read once or twice: code made for it costs more than it saves.
z.config({ jitless: true });

/** What a text becomes is checked by its own reader. One for all: there are a hundred, and each takes a while to build. */
const ANYTHING = z.custom<unknown>();

/** A codec between the text in the file and a value, so that the effective configuration can be written back. */
export function textCodec<T>(what: string, parse: (text: string) => Result<T, string>, format: (value: T) => string) {
  return z.codec(z.string({ error: expects(what) }), ANYTHING as z.ZodCustom<T, T>, {
    decode: (text, context) => {
      const value = parse(text);
      if (value.ok) return value.value;
      context.issues.push({ code: 'custom', message: value.error, input: text });
      return z.NEVER;
    },
    encode: format,
  });
}

/** Milliseconds, written as Prometheus writes durations; both bounds are durations and belong to the range. */
export function duration(least: string, most: string) {
  const minimum = known(parseDuration(least));
  const maximum = known(parseDuration(most));
  const parse = (text: string): Result<Millis, string> => {
    const value = parseDuration(text);
    if (!value.ok) return err(`${found(text)} is ${value.error}`);
    if (value.value < minimum || value.value > maximum) return err(`must be from ${least} to ${most}, found ${text}`);
    return value;
  };
  return textCodec(`a duration from ${least} to ${most}, with its unit`, parse, formatDuration);
}

/** Octets, written with a unit (`16MiB`). */
export function size(least: string, most: string) {
  const minimum = known(parseSize(least));
  const maximum = known(parseSize(most));
  const parse = (text: string): Result<number, string> => {
    const value = parseSize(text);
    if (!value.ok) return value;
    if (value.value < minimum || value.value > maximum) return err(`must be from ${least} to ${most}, found ${text}`);
    return value;
  };
  return textCodec(`a size from ${least} to ${most}, with its unit`, parse, formatSize);
}

export function wholeNumber(least: number, most: number) {
  const what = expects(`a whole number from ${least} to ${most}`);
  return z.int({ error: what }).check(z.gte(least, { error: what }), z.lte(most, { error: what }));
}

export function flag() {
  return z.boolean({ error: expects('true or false') });
}

/** One of a few words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, { error: expects(alternatives(words)) });
}

/** Text of at least one character, without control characters, which would break a log line or a page. */
export function plainText(what: string, most = 1000) {
  const parse = (text: string): Result<string, string> => {
    if (text.trim() === '') return err(`must not be empty: expected ${what}`);
    if (text.length > most) return err(`must not have more than ${most} characters`);
    return /\p{Cc}/u.test(text) ? err('must not have control characters') : ok(text);
  };
  return textCodec(what, parse, (text) => text);
}

export function hostName(what = 'a host name') {
  return textCodec(what, parseMeantName, (name) => name);
}

/** Reads a host name; what people often write instead has its own message. */
export function parseMeantName(text: string): Result<HostName, string> {
  if (/[\u2018-\u201f\u00ab\u00bb]/.test(text)) return err('has quotation marks of a word processor: use " or none');
  if (/^[^:]+:\d+$/.test(text))
    return err('must not have a port: write the name alone, and the port of a host as port');
  if (text.includes('://')) return err('must not be a URL: write the name alone');
  if (text.includes('\\'))
    return err('is a name of Windows: write the one that DNS has, such as kms01.corp.example.com');
  if (/^_[^.]+\._(?:tcp|udp)\./i.test(text))
    return err('is the name of a record: write that of the host, such as kms01.corp.example.com');
  return parseHostName(text);
}

/** A path of this system. It may have been resolved already, so that a drive letter comes late in it. */
export function filePath(such = '/etc/kmswatch/token') {
  const text = plainText('the path of a file');
  if (process.platform === 'win32') return text;
  return text.refine((path) => !/(?:^|\/)[A-Za-z]:|\\/.test(path), {
    error: `is a path of Windows, and this is another system: expected a path such as ${such}`,
  });
}

/** `HOST` or `HOST:PORT`; without a port the default, which is left out again when it is written. */
export function endpoint(what: string, defaultPort: number) {
  const parse = (text: string): Result<Endpoint, string> => {
    if (text.includes('://')) return err('must not be a URL: write ADDRESS or ADDRESS:PORT');
    const value = parseHostPort(text);
    return value.ok ? ok({ host: value.value.host, port: value.value.port ?? defaultPort }) : value;
  };
  return textCodec(what, parse, ({ host, port }) => formatHostPort(host, port, defaultPort));
}

/** A schedule as node-cron reads it: five fields, or six with seconds first. */
export function schedule() {
  return textCodec('a cron expression such as "*/5 * * * *"', parseSchedule, (text) => text);
}

/** The same, or the empty text for never. */
export function scheduleOrNever() {
  const parse = (text: string): Result<string, string> => {
    if (text === '') return ok(text);
    const value = parseSchedule(text);
    return value.ok ? value : err(`${value.error}; write "" for never`);
  };
  return textCodec('a cron expression such as "17 * * * *", or "" for never', parse, (text) => text);
}

/** An absolute address of one of the schemes. A name or password in it would show in every output, so it is refused. */
export function url(schemes: readonly string[]) {
  return textCodec(
    `a URL (${schemes.join(' or ')})`,
    (text) => withoutCredentials(parseUrl(text, schemes)),
    (text) => text,
  );
}

function withoutCredentials(url: Result<string, string>): Result<string, string> {
  if (!url.ok) return url;
  const { username, password } = new URL(url.value);
  return username === '' && password === '' ? url : err('must not have a user name or password in it');
}

/** node-cron writes a range out before it looks at its bounds: a number of many digits would hold the program. */
const HARMLESS_CRON = /^(?!.*\d{5}).{0,200}$/s;

function parseSchedule(text: string): Result<string, string> {
  if (text.trim() === '') return err('must not be empty: expected a cron expression such as "*/5 * * * *"');
  if (!HARMLESS_CRON.test(text)) return err('not a cron expression: too long, or a number in it is');
  const { valid, errors } = validateDetailed(text);
  if (valid) return ok(text);
  const reasons = errors.map((error) => error.message).join('; ');
  return err(`${found(text)} is not a cron expression, such as "*/5 * * * *" for every 5 minutes: ${reasons}`);
}

function known(value: Result<number, string>): number {
  if (!value.ok) throw new Error(value.error);
  return value.value;
}
