import { z } from 'zod';
import { err, ok, type Result } from '../kernel/result.ts';
import { HIDDEN, Secret } from '../kernel/secret.ts';
import { expectsSecret } from './expect.ts';
import { readBounded } from './read-bounded.ts';

/** A secret of the configuration. It is read again at every use, so that it can be changed without a reload. */
export interface SecretSource {
  /** @returns the secret; or why there is none, and what to do */
  read(): Promise<Result<Secret, string>>;
}

/** Longer than any token, key or URL; the limit keeps a wrong path (a log, a device) from filling the memory. */
const MAX_SECRET_BYTES = 64 * 1024;

/** A secret in the file itself: no output shows it, the printed configuration has `<secret>` in its place. */
export function secretText(what: string, parse: (text: string) => Result<string, string> = ok) {
  return z.codec(z.string({ error: expectsSecret(`${what}, as text`) }), z.instanceof(Secret), {
    decode: (text, context) => {
      const secret = readSecretText(text, what, parse);
      if (secret.ok) return secret.value;
      context.issues.push({ code: 'custom', message: secret.error, input: HIDDEN });
      return z.NEVER;
    },
    encode: () => HIDDEN,
  });
}

/** The source of a secret, `x` or `x_file` in the configuration; undefined if neither is there. */
export function secretSource(inline: Secret | undefined, file: string | undefined): SecretSource | undefined {
  if (inline !== undefined) return { read: async () => ok(inline) };
  return file === undefined ? undefined : { read: () => readSecretFile(file) };
}

/** The secret that each file had when it could be read last. */
const lastRead = new Map<string, Secret>();

/**
 * If the file cannot be read, the secret that it had before stays: a renewal by another user, or a mount that hangs,
 * must not lock everybody out. An empty file has no secret: that takes one back.
 */
async function readSecretFile(path: string): Promise<Result<Secret, string>> {
  const read = await readNow(path);
  if (read.ok) lastRead.set(path, read.value);
  if (read.ok || !read.error.startsWith(UNREADABLE)) return read;
  const before = lastRead.get(path);
  return before === undefined ? read : ok(before);
}

const UNREADABLE = 'cannot read';

/** Reads a file's only content as a secret; the line end that editors add is not part of it. */
async function readNow(path: string): Promise<Result<Secret, string>> {
  const bytes = await readBounded(path, MAX_SECRET_BYTES);
  if (!bytes.ok) return err(`${UNREADABLE} the secret in ${path}: ${bytes.error}`);
  const text = bytes.value.toString('utf8').replace(/[\r\n]+$/, '');
  if (text.trim() === '') return err(`the file ${path} is empty: write the secret into it`);
  return ok(new Secret(text));
}

function readSecretText(
  text: string,
  what: string,
  parse: (text: string) => Result<string, string>,
): Result<Secret, string> {
  if (text.trim() === '') return err(`must not be empty: expected ${what}`);
  if (text === HIDDEN) return err(`${HIDDEN} replaces a secret in printed output: write the secret itself here`);
  const value = parse(text);
  return value.ok ? ok(new Secret(value.value)) : value;
}
