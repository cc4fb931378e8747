import type { Random } from '../kernel/random.ts';
import { err, type Result } from '../kernel/result.ts';
import { type Millis, millis } from '../kernel/time.ts';
import { relatesTo } from './answers.ts';
import { GOODBYE_TIMEOUT, MAX_OPERATION_TIMEOUT } from './limits.ts';
import { type Addressed, identifyMessage } from './messages.ts';
import { type Envelope, Session } from './session.ts';
import type { CallOptions, WinrmConnection, WinrmDeps, WinrmFailure } from './types.ts';

/** Of the messages sent last, the ids that a stray answer could name. */
const REMEMBERED = 16;

export interface RequestOptions extends CallOptions {
  /** Milliseconds after which the host is to give up; default: a little less than the timeout. */
  readonly operationTimeout?: number;
  /** False: what is asked for is gone once it was sent, as a page is. */
  readonly repeatable?: boolean;
}

/** Puts questions into envelopes, and sees that an answer is one to its question. */
export class WsmanRequester {
  readonly #session: Session;
  readonly #random: Random;
  readonly #ids: string[] = [];
  /** What is still said to the host after the caller has its result. */
  readonly #pendingGoodbyes = new Set<Promise<unknown>>();

  constructor(connection: WinrmConnection, deps: WinrmDeps) {
    this.#session = new Session(connection, deps);
    this.#random = deps.random;
  }

  identify(options: CallOptions): Promise<Result<Envelope, WinrmFailure>> {
    return this.#session.send({ body: octetsOf(identifyMessage()), repeatable: true }, options);
  }

  /** @param message makes the envelope, given its header's values */
  async request(
    resource: string,
    message: (to: Addressed) => string,
    options: RequestOptions,
  ): Promise<Result<Envelope, WinrmFailure>> {
    const messageId = this.#newId();
    const operationTimeout = options.operationTimeout ?? operationTimeoutFor(options.timeout);
    const to = { url: this.#session.address, resource, messageId, operationTimeout };
    const answer = await this.#session.send(
      { body: octetsOf(message(to)), repeatable: options.repeatable ?? true },
      options,
    );
    if (!answer.ok) return answer;
    return this.#isStray(relatesTo(answer.value), messageId) ? err(this.malformed('answer to this request')) : answer;
  }

  /** Tells the host something whose answer does not matter; returns at once. */
  sendAndForget(resource: string, message: (to: Addressed) => string): void {
    const signal = new AbortController().signal;
    const said = this.request(resource, message, { timeout: GOODBYE_TIMEOUT, signal });
    this.#pendingGoodbyes.add(said);
    void said.then(() => this.#pendingGoodbyes.delete(said));
  }

  malformed(expected: string): WinrmFailure {
    return this.#session.failure({ reason: 'malformed', text: `its answer is not the expected ${expected}` });
  }

  failure(reason: WinrmFailure['reason'], text: string): WinrmFailure {
    return this.#session.failure({ reason, text });
  }

  /** Waits for what is still being said, and ends the connection. */
  async close(): Promise<void> {
    await Promise.all(this.#pendingGoodbyes);
    this.#session.close();
  }

  /** Ends the connection and what is under way over it. The next question makes a new one. */
  drop(): void {
    this.#session.close();
  }

  /** UUID version 4 in upper case, as Windows spells them. */
  #newId(): string {
    const octets = Buffer.from(this.#random.bytes(16));
    octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x40;
    octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
    const hex = octets.toString('hex').toUpperCase();
    const id = `uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    this.#ids.push(id);
    if (this.#ids.length > REMEMBERED) this.#ids.shift();
    return id;
  }

  /**
   * An answer to another question of ours must not count for this one. An id that we never sent is let pass: HTTP ties
   * the answer to the request already, and not every service echoes the id.
   */
  #isStray(id: string | undefined, sent: string): boolean {
    if (id === undefined || id.toUpperCase() === sent.toUpperCase()) return false;
    return this.#ids.some((other) => other.toUpperCase() === id.toUpperCase());
  }
}

/** While a host keeps a question waiting these are held, and no text beside them. */
function octetsOf(message: string): Uint8Array {
  return new TextEncoder().encode(message);
}

/** So much earlier than ours that the host's own word on it still comes. */
function operationTimeoutFor(timeout: Millis): Millis {
  return millis(Math.min(Math.max(timeout * 0.8, timeout - 5_000), MAX_OPERATION_TIMEOUT));
}
