import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';

/**
 * A pipe of Windows has no mode: every user of the machine may open it, and any program may make one of the same name
 * before the agent does. So each side proves to the other that it can read a file in the state folder, whose rights
 * say who that is, and the secret in it never goes over the pipe.
 *
 * The command begins with `{"hello": NONCE}`, the agent answers `{"nonce": NONCE, "proof": HMAC}`, the command shows its
 * own `{"proof": HMAC}`, and asks when the agent has said `{}`.
 */
const OCTETS = 32;
/** Octets that anyone may send: more than both lines of a command have. */
export const MOST_BEFORE = 1024;

export function secretPath(database: string): string {
  return `${database}.secret`;
}

/** A new one at each start: one that was read once is of no use later. Only its owner reads it, where files have modes. */
export async function makeSecret(database: string): Promise<Buffer> {
  const secret = randomBytes(OCTETS);
  await rm(secretPath(database), { force: true });
  await writeFile(secretPath(database), `${secret.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  return secret;
}

/** @returns undefined if this user cannot read it, or there is none */
export async function readSecret(database: string): Promise<Buffer | undefined> {
  const text = await readFile(secretPath(database), 'utf8').catch(() => '');
  const secret = Buffer.from(text.trim(), 'hex');
  return secret.length === OCTETS ? secret : undefined;
}

/** The agent's side of one connection. */
export class AgentDoor {
  readonly #secret: Buffer;
  readonly #own = nonce();
  #other: string | undefined;
  isOpen = false;

  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** Takes a line. @returns what to answer; undefined if the other side is no command of kmswatch */
  take(line: string): string | undefined {
    if (this.#other === undefined) {
      this.#other = textOf(line, 'hello');
      if (this.#other === undefined) return undefined;
      return JSON.stringify({ nonce: this.#own, proof: proof(this.#secret, 'agent', this.#other, this.#own) });
    }
    this.isOpen = isSame(textOf(line, 'proof'), proof(this.#secret, 'command', this.#own, this.#other));
    return this.isOpen ? '{}' : undefined;
  }
}

/** The command's side. */
export class CommandDoor {
  readonly #secret: Buffer;
  readonly #own = nonce();

  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  get hello(): string {
    return JSON.stringify({ hello: this.#own });
  }

  /** @returns the command's proof; undefined if the answer was not the agent's */
  answer(line: string): string | undefined {
    const other = textOf(line, 'nonce');
    if (other === undefined) return undefined;
    if (!isSame(textOf(line, 'proof'), proof(this.#secret, 'agent', this.#own, other))) return undefined;
    return JSON.stringify({ proof: proof(this.#secret, 'command', other, this.#own) });
  }
}

function nonce(): string {
  return randomBytes(OCTETS).toString('hex');
}

/** Each side has its own word, so that the proof of one is none of the other. */
function proof(secret: Buffer, side: 'agent' | 'command', first: string, second: string): string {
  return createHmac('sha256', secret).update(`${side} ${first} ${second}`).digest('hex');
}

function isSame(given: string | undefined, expected: string): boolean {
  return given?.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

/** Nonces and proofs have the same form. */
function textOf(line: string, key: string): string | undefined {
  try {
    const text: unknown = JSON.parse(line)?.[key];
    return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
