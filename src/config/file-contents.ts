import type { Result } from '../kernel/result.ts';
import { parseProxyUrl, parseWebhookUrl } from './parse-url.ts';
import { NOT_ITS_KEY, readCertificates, readKey } from './pem.ts';

/** What the file of a key has to contain. @returns what is wrong with it, and what to do; never a part of it */
type Check = (contents: Buffer) => string | undefined;

const CHECKS: Readonly<Record<string, Check>> = {
  token_file: ofLine,
  bearer_token_file: ofLine,
  password_file: ofLine,
  url_file: (contents) => ofLine(contents) ?? urlMistake(parseWebhookUrl(lineOf(contents))),
  proxy_url_file: (contents) => ofLine(contents) ?? urlMistake(parseProxyUrl(lineOf(contents))),
  ca_file: (contents) => mistakeOf(readCertificates(contents.toString('latin1'))),
  cert_file: (contents) => mistakeOf(readCertificates(contents.toString('latin1'))),
  key_file: (contents) => mistakeOf(readKey(contents.toString('latin1'))),
  keytab_file: (contents) =>
    contents[0] === 5 && (contents[1] === 1 || contents[1] === 2)
      ? undefined
      : 'is not a keytab: ktpass (Windows) and ktutil (MIT) make one',
};

/** What is wrong with the contents of the file that this key names. */
export function contentsMistake(key: string, contents: Buffer): string | undefined {
  return CHECKS[key]?.(contents);
}

/** What is wrong with a key beside its certificate; nothing if one of them is wrong by itself. */
export function pairMistake(cert: Buffer, key: Buffer): string | undefined {
  const [certificates, privateKey] = [readCertificates(cert.toString('latin1')), readKey(key.toString('latin1'))];
  if (!certificates.ok || !privateKey.ok) return undefined;
  return certificates.value[0].checkPrivateKey(privateKey.value) ? undefined : NOT_ITS_KEY;
}

function lineOf(contents: Buffer): string {
  return contents.toString('utf8').replace(/[\r\n]+$/, '');
}

function ofLine(contents: Buffer): string | undefined {
  const line = lineOf(contents);
  if (line.trim() === '') return 'is empty: write the secret into it';
  if (/[\r\n]/.test(line)) return 'has several lines: the secret alone belongs in it';
  if (/[\p{Cc}\ufffd\ufeff]/u.test(line)) return 'is not plain text: save it as UTF-8 without a byte-order mark';
  return undefined;
}

/** Its words follow a key elsewhere, and the name of a file here. */
function urlMistake(read: Result<string, string>): string | undefined {
  return read.ok ? undefined : `is ${read.error}`;
}

function mistakeOf(read: Result<unknown, string>): string | undefined {
  return read.ok ? undefined : read.error;
}
