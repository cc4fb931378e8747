import type { Result } from '../kernel/result.ts';
import type { HttpAnswer } from './http-connection.ts';
import type { Meaning } from './network-failure.ts';

export type Attempt = Result<HttpAnswer, Meaning>;

/** Sends the request with this `Authorization`, or without one. */
export type Send = (authorization: string | undefined) => Promise<Attempt>;

/** A way to log in. */
export interface Login {
  /** What the last request was sent with, in every form in which a host could send it back to us. */
  readonly secrets: readonly string[];
  /** Sends the request as often as the login needs; a 401 that stays is an answer like any other. */
  run(send: Send, signal: AbortSignal): Promise<Attempt>;
}
