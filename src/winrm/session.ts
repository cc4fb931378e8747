import { withDeadline } from '../kernel/deadline.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { inSeconds } from '../kernel/time.ts';
import { readFault, reasonOf, remedyOf } from './fault.ts';
import { type HttpAnswer, HttpConnection } from './http-connection.ts';
import { loginFor } from './login.ts';
import type { Login } from './login-types.ts';
import type { Meaning } from './network-failure.ts';
import { hideSecrets, oneLine } from './texts.ts';
import type { CallOptions, WinrmConnection, WinrmDeps, WinrmFailure } from './types.ts';
import { offeredSchemes, unauthorizedText } from './unauthorized.ts';
import { child, type XmlElement } from './xml.ts';

/** The header and the body of an answer that is none of the faults. */
export interface Envelope {
  readonly header: XmlElement | undefined;
  /** The first element of the body; undefined when it is empty. */
  readonly content: XmlElement | undefined;
}

/** What is asked; see `HttpRequest`. */
export interface Message {
  readonly body: Uint8Array;
  readonly repeatable: boolean;
}

/** Asks one thing at a time over one connection: the login, the deadline, and what an answer is before it is read. */
export class Session {
  readonly #connection: WinrmConnection;
  readonly #deps: WinrmDeps;
  readonly #url: URL;
  readonly #http: HttpConnection;
  readonly #login: Login;
  /** Settles when the last question has its answer. */
  #last: Promise<void> = Promise.resolve();

  constructor(connection: WinrmConnection, deps: WinrmDeps) {
    this.#connection = connection;
    this.#deps = deps;
    this.#url = new URL(connection.url);
    this.#http = new HttpConnection({ url: this.#url, insecure: connection.insecure, lookup: deps.lookup });
    this.#login = loginFor(connection, this.#http, deps);
  }

  /** Where requests are addressed to: the URL without a user and a password, which do not belong there. */
  get address(): string {
    return `${this.#url.origin}${this.#url.pathname}`;
  }

  /** Never rejects. The time that it waits for other questions counts. */
  async send(message: Message, { timeout, signal }: CallOptions): Promise<Result<Envelope, WinrmFailure>> {
    const answer = await withDeadline(timeout, signal, async (stop) => {
      const before = this.#last;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#last = before.then(() => promise);
      await before;
      try {
        const answer = stop.aborted ? undefined : await this.#sendNow(message, stop);
        return answer?.ok === false && stop.aborted ? undefined : answer;
      } finally {
        resolve();
      }
    });
    if (answer !== undefined) return answer;
    if (signal.aborted) return err(this.failure({ reason: 'aborted', text: 'the request was cancelled' }));
    return err(
      this.failure({ reason: 'timeout', text: `no complete answer within ${inSeconds(timeout).toFixed(1)} s` }),
    );
  }

  /** A failure of this host: the place goes before the text, and nothing secret stays in it. */
  failure({ reason, text }: Meaning): WinrmFailure {
    return { reason, text: this.#hide(`${this.#url.host}: ${text}`) };
  }

  close(): void {
    this.#http.drop();
  }

  async #sendNow({ body, repeatable }: Message, stop: AbortSignal): Promise<Result<Envelope, WinrmFailure>> {
    const ready = await this.#prepare();
    if (ready !== undefined) return err(this.failure(ready));
    const answer = await this.#login.run((authorization) => {
      const headers = authorization === undefined ? {} : { authorization };
      return this.#http.post({ body, headers, repeatable }, stop);
    }, stop);
    return answer.ok ? this.#read(answer.value) : err(this.failure(answer.error));
  }

  async #prepare(): Promise<Meaning | undefined> {
    const { auth, caFile, insecure } = this.#connection;
    if (this.#url.protocol !== 'https:') {
      if (insecure) return undefined;
      return {
        reason: 'credentials',
        text: 'plain HTTP exposes the login to everyone on the network: use https, or insecure: true in a lab',
      };
    }
    const { certFile, keyFile } = auth.kind === 'certificate' ? auth : { certFile: undefined, keyFile: undefined };
    const tls = await this.#deps.shared.tls.get({ caFile, certFile, keyFile });
    if (!tls.ok) return { reason: 'credentials', text: tls.error };
    this.#http.use(tls.value);
    return undefined;
  }

  #read({ status, contentType, challenges, document }: HttpAnswer): Result<Envelope, WinrmFailure> {
    if (status === 401) {
      const text = unauthorizedText(this.#connection.auth.kind, offeredSchemes(challenges));
      return err(this.failure({ reason: 'unauthorized', text }));
    }
    const envelope = document.ok && document.value.name === 'Envelope' ? document.value : undefined;
    const content = child(envelope, 'Body')?.children[0];
    if (content?.name === 'Fault') return err(this.#fault(content));
    if (status !== 200 || ENCRYPTED.test(contentType)) return err(this.failure(ofStatus(status, contentType)));
    if (!document.ok && document.error === 'too_large') {
      return err(this.failure({ reason: 'too_large', text: 'its answer is larger than requested' }));
    }
    if (child(envelope, 'Body') === undefined) {
      const type = oneLine(contentType, 60);
      return err(
        this.failure({
          reason: 'malformed',
          text: `its answer is not a valid SOAP envelope (${type || 'no content type'})`,
        }),
      );
    }
    return ok({ header: child(envelope, 'Header'), content });
  }

  #fault(element: XmlElement): WinrmFailure {
    const fault = readFault(element, (text) => this.#hide(text));
    const reason = reasonOf(fault);
    const code =
      fault.code === undefined ? fault.subcode : `0x${fault.code.toString(16).padStart(8, '0')} ${fault.subcode}`;
    const remedy = remedyOf(reason, fault);
    const said = fault.text === '' ? '' : `: ${fault.text}`;
    const text = `fault ${code.trim() || 'without a code'}${said}${remedy === undefined ? '' : ` (${remedy})`}`;
    return { ...this.failure({ reason, text }), fault };
  }

  #hide(text: string): string {
    return hideSecrets(text, this.#login.secrets);
  }
}

/** [MS-WSMV] 2.2.9.1: what WinRM does where there is no TLS. */
const ENCRYPTED = /multipart\/(?:x-multi-)?encrypted/i;

function ofStatus(status: number, contentType: string): Meaning {
  if (status === 403) {
    return {
      reason: 'denied',
      text: '403: the account has no right to use WinRM, or the client certificate was rejected',
    };
  }
  if (status === 413) {
    return { reason: 'too_large', text: "413: the request is larger than the host's MaxEnvelopeSizekb" };
  }
  if (ENCRYPTED.test(contentType)) {
    return {
      reason: 'http',
      text: `${status}: it requires an encrypted body, as WinRM does over plain HTTP; use https`,
    };
  }
  const advice = status === 404 ? ': nothing is there; the path in url is usually /wsman' : '';
  return { reason: 'http', text: `HTTP status ${status} without a WS-Management answer${advice}` };
}
