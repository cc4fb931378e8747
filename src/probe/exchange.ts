import { createConnection, type Socket } from 'node:net';
import type { Clock } from '../kernel/clock.ts';
import { inSeconds, type Millis, millis } from '../kernel/time.ts';
import { type Answer, readAnswer } from './answer.ts';

/** How one connection with one bind ended. */
export type ExchangeEnd =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** Connected; at the deadline only this much of an answer had come, in octets. */
  | { readonly kind: 'silent'; readonly octets: number }
  /** Connected; the peer closed or reset after this much of an answer, in octets. */
  | { readonly kind: 'closed'; readonly octets: number }
  /** Not connected at the deadline. */
  | { readonly kind: 'no_connection' }
  /** The system's error code, such as ECONNREFUSED. */
  | { readonly kind: 'failed'; readonly code: string };

export interface Exchange {
  readonly end: ExchangeEnd;
  /** Seconds until the connection was established; undefined if it never was. */
  readonly connect: number | undefined;
  /** Seconds from there to the end of the answer; undefined when none came. */
  readonly bind: number | undefined;
}

export interface ExchangeOptions {
  /** A literal address. */
  readonly address: string;
  /** 1 to 65535. */
  readonly port: number;
  /** What is sent, once. */
  readonly bind: Uint8Array;
  /** Milliseconds for all of it, greater than 0. */
  readonly timeout: Millis;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A usual answer has 60 octets: one read into a small buffer, instead of the 64 KiB that a socket takes by itself. */
const READ_BUFFER = 256;

const NOTHING = new Uint8Array(0);

/** Errors after the connection was established that mean: the peer ended it. */
const ENDED_BY_PEER: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/**
 * Connects, sends one bind, reads one answer and closes: whatever happens, the socket and the timer are gone when the
 * promise resolves. Of what the peer sends, at most MAX_FRAGMENT octets and one read are kept.
 * @returns undefined when the signal aborted it
 */
export function exchange(options: ExchangeOptions): Promise<Exchange | undefined> {
  if (options.signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    new Attempt(options, resolve).start();
  });
}

class Attempt {
  readonly #options: ExchangeOptions;
  readonly #resolve: (exchange: Exchange | undefined) => void;
  readonly #started: number;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #connectedAt: number | undefined;
  #received: Uint8Array = NOTHING;

  constructor(options: ExchangeOptions, resolve: (exchange: Exchange | undefined) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#started = options.clock.monotonic();
  }

  start(): void {
    const { address, port, timeout, signal } = this.#options;
    this.#timer = setTimeout(() => this.#end(this.#atDeadline()), timeout);
    signal.addEventListener('abort', this.#abort);
    this.#socket = createConnection({
      host: address,
      port,
      onread: {
        buffer: Buffer.allocUnsafe(READ_BUFFER),
        callback: (length, buffer) => this.#read(buffer.subarray(0, length)),
      },
    })
      .on('connect', () => this.#connected())
      .on('end', () => this.#end({ kind: 'closed', octets: this.#received.length }))
      .on('error', (error: NodeJS.ErrnoException) => this.#end(this.#afterError(error.code ?? error.message)));
  }

  #connected(): void {
    this.#connectedAt = this.#options.clock.monotonic();
    this.#socket?.write(this.#options.bind);
  }

  /** The buffer is used again for the next read, so what is kept is copied. */
  #read(octets: Uint8Array): boolean {
    this.#received = Buffer.concat([this.#received, octets]);
    const answer = readAnswer(this.#received);
    if (answer !== undefined) this.#end({ kind: 'answer', answer });
    return answer === undefined;
  }

  #atDeadline(): ExchangeEnd {
    if (this.#connectedAt === undefined) return { kind: 'no_connection' };
    return { kind: 'silent', octets: this.#received.length };
  }

  #afterError(code: string): ExchangeEnd {
    if (this.#connectedAt !== undefined) {
      if (ENDED_BY_PEER.has(code)) return { kind: 'closed', octets: this.#received.length };
      // The bind was never acknowledged: there was a connection, and then silence.
      if (code === 'ETIMEDOUT') return { kind: 'silent', octets: this.#received.length };
    }
    return { kind: 'failed', code };
  }

  #end(end: ExchangeEnd): void {
    if (!this.#close()) return;
    const connected = this.#connectedAt;
    this.#resolve({
      end,
      connect: connected === undefined ? undefined : inSeconds(millis(connected - this.#started)),
      bind:
        connected === undefined || end.kind !== 'answer'
          ? undefined
          : inSeconds(millis(this.#options.clock.monotonic() - connected)),
    });
  }

  readonly #abort = (): void => {
    if (this.#close()) this.#resolve(undefined);
  };

  /** @returns false when it was closed before */
  #close(): boolean {
    if (this.#timer === undefined) return false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#options.signal.removeEventListener('abort', this.#abort);
    this.#socket?.destroy();
    return true;
  }
}
