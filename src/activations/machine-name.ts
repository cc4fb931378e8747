import { err, ok, type Result } from '../kernel/result.ts';

/** As long as a DNS name can be (RFC 1035 2.3.4). */
const MAX_LENGTH = 253;

/**
 * What Windows lets a computer be called in its dialogues: letters and digits of any script, and so neither a control
 * character nor one that means something in a label, a page or a shell.
 */
const NAME = /^[\p{L}\p{N}_-][\p{L}\p{M}\p{N}._-]*$/u;
const PLAIN_NAME = /^[a-z0-9_-][a-z0-9._-]*$/;

/**
 * Folds what is written differently and means the same machine: the case, and letters with marks as one code point or
 * two (NFC, NFD). Lower case comes first, as it takes some letters apart.
 */
export function foldMachineName(text: string): string {
  return text.toLowerCase().normalize('NFC');
}

/**
 * Reads the name by which a client calls itself, bare or fully qualified.
 * @returns the name in its one form: lower case, no trailing dot; or an error message, without the text itself
 */
export function parseMachineName(text: string): Result<string, string> {
  const lower = foldMachineName(text);
  const name = lower.endsWith('.') ? lower.slice(0, -1) : lower;
  if (name === '') return err('the machine name is empty');
  if (name.length > MAX_LENGTH) return err(`the machine name has more than ${MAX_LENGTH} characters`);
  if (PLAIN_NAME.test(name)) return ok(name);
  return NAME.test(name)
    ? ok(name)
    : err("the machine name has characters that are not allowed: use only letters, digits, '-', '_' and dots");
}
