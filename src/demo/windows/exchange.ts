import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Result } from '../../kernel/result.ts';
import { answerRequest } from './answer.ts';
import { type Authentication, challenges, isAdmitted } from './authentication.ts';
import type { Disturb, Disturbance } from './behaviour.ts';
import { deliver, type Reply } from './delivery.ts';
import { type Answer, writeEnvelope } from './envelope.ts';
import { faultBody } from './fault-body.ts';
import { FAULTS, type FaultName } from './faults.ts';
import type { HostState } from './host-state.ts';
import { NS } from './namespaces.ts';
import { readBody } from './read-body.ts';
import { readSoapRequest, type SoapRequest } from './soap-request.ts';

export interface ExchangeOptions {
  readonly state: HostState;
  readonly authentication: Authentication;
  /** As faults name the host. */
  readonly machine: string;
  readonly newId: () => string;
}

const FAULT_ACTION = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/fault';
const PATH = /^\/wsman\/?(?:\?|$)/i;

/** HTTP requests to answers, with whatever was arranged to go wrong. */
export class Exchange {
  disturb: Disturb | undefined;
  readonly requests = new Map<string, number>();
  readonly #options: ExchangeOptions;
  readonly #closing = new AbortController();
  readonly #sockets = new Set<Socket>();
  #count = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  close(): void {
    this.#closing.abort();
  }

  /** Never rejects: a client that breaks off is no matter. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    response.on('error', () => gone.abort());
    this.#watch(request.socket);
    try {
      const signal = AbortSignal.any([gone.signal, this.#closing.signal]);
      const text = await readBody(request);
      await this.#answer(request, text, response, signal);
    } catch {
      response.destroy();
    }
  }

  async #answer(
    request: IncomingMessage,
    text: string | undefined,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const status = (code: number): Promise<void> => deliver(response, { status: code, body: '' }, undefined, signal);
    if (!PATH.test(request.url ?? '')) return status(404);
    if (request.method !== 'POST') return status(405);
    const mayAskName = request.headers['wsmanidentify'] === 'unauthenticated';
    const isAuthenticated = isAdmitted(request, this.#options.authentication);
    if (!isAuthenticated && !mayAskName) {
      response.setHeader('www-authenticate', challenges(this.#options.authentication));
      return status(401);
    }
    if (text === undefined) return status(413);
    const read = readSoapRequest(text);
    if (!isAuthenticated && !(read.ok && read.value.action === 'Identify')) return status(401);
    const seen = this.#see(read.ok ? read.value : undefined);
    const disturbance = this.disturb?.(seen);
    if (disturbance?.kind === 'stall') return;
    if (disturbance?.kind === 'status') return status(disturbance.status);
    const reply = await this.#reply(read, disturbance, isAuthenticated, signal);
    if (!signal.aborted) await deliver(response, reply, disturbance, signal);
  }

  async #reply(
    read: ReturnType<typeof readSoapRequest>,
    disturbance: Disturbance | undefined,
    isAuthenticated: boolean,
    signal: AbortSignal,
  ): Promise<Reply> {
    if (disturbance?.kind === 'verbatim') return { status: disturbance.status ?? 200, body: disturbance.body };
    const relatesTo = read.ok ? read.value.messageId : read.error.messageId;
    if (disturbance?.kind === 'fault') return this.#fault(disturbance.fault, relatesTo);
    if (!read.ok) return this.#fault(read.error.fault, relatesTo);
    const answer: Result<Answer, FaultName> = await answerRequest(
      read.value,
      this.#options.state,
      isAuthenticated,
      signal,
    );
    if (!answer.ok) return this.#fault(answer.error, relatesTo);
    return { status: 200, body: this.#write(answer.value, relatesTo) };
  }

  #fault(name: FaultName, relatesTo: string): Reply {
    const { state, machine } = this.#options;
    const body = faultBody(FAULTS[name], state.behaviour.faults, machine);
    return { status: 500, body: this.#write({ action: actionOf(name), body }, relatesTo) };
  }

  #write(answer: Answer, relatesTo: string): string {
    const { state, newId } = this.#options;
    const { spelling, isReversed } = state.behaviour;
    return writeEnvelope(answer, { spelling, isReversed, relatesTo, messageId: newId() });
  }

  #see(request: SoapRequest | undefined): Parameters<Disturb>[0] {
    const action = request?.action ?? 'other';
    const nth = (this.requests.get(action) ?? 0) + 1;
    this.requests.set(action, nth);
    this.#count += 1;
    const { actionUri = '', resourceUri = '' } = request ?? {};
    return { number: this.#count, nth, action, actionUri, resourceUri };
  }

  #watch(socket: Socket): void {
    if (this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

/** Each specification has its own fault action. */
function actionOf(name: FaultName): string {
  const { ns } = FAULTS[name].subcode;
  return ns === NS.enumeration || ns === NS.addressing || ns === NS.eventing ? `${ns}/fault` : FAULT_ACTION;
}
