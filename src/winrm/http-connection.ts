import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type buildConnector, Client } from 'undici';
import { err, ok, type Result } from '../kernel/result.ts';
import { readDocument } from './answer-reader.ts';
import { connectionFailure, type Meaning } from './network-failure.ts';
import { TcpStream } from './tcp-stream.ts';
import type { TlsContext } from './tls-contexts.ts';
import type { XmlElement, XmlProblem } from './xml.ts';

/** An answer whose body has been read to its end, or refused. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** The header `WWW-Authenticate`, one entry a line. */
  readonly challenges: readonly string[];
  readonly document: Result<XmlElement, XmlProblem>;
}

export interface HttpConnectionOptions {
  readonly url: URL;
  readonly insecure: boolean;
  readonly lookup: LookupFunction | undefined;
}

export interface HttpRequest {
  /** In its own buffer: of undici's shared pool a pull that waits for a minute would keep 64 KiB. */
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** True: asking it twice does no harm, when nobody knows whether it was heard the first time. */
  readonly repeatable: boolean;
}

/** Octets of a body that nobody reads, up to which its connection is kept. */
const UNREAD_BODY = 64 * 1024;
const MAX_HEADER_OCTETS = 32 * 1024;

/**
 * One connection to a host, kept alive between requests and made again when it is gone. One request at a time: a login
 * by Negotiate belongs to its connection, and its steps must not mix with other requests.
 */
export class HttpConnection {
  readonly #options: HttpConnectionOptions;
  #tls: TlsContext | undefined;
  #client: InstanceType<typeof Client> | undefined;
  readonly #sockets = new Set<Socket>();
  /** Resumed without another proof of the certificate; Node gives one out only after the certificate was proved. */
  #session: Buffer | undefined;
  #connections = 0;
  #current: number | undefined;

  constructor(options: HttpConnectionOptions) {
    this.#options = options;
  }

  /** The number of the open connection; undefined if none is. */
  get connection(): number | undefined {
    return this.#current;
  }

  /** Authorities and client certificate from here on; others than before end the connection. */
  use(tls: TlsContext): void {
    if (this.#tls !== undefined && this.#tls.id !== tls.id) {
      this.drop();
      this.#session = undefined;
    }
    this.#tls = tls;
  }

  /** Sends one request; the signal MUST abort some time. After a failure the connection is gone. */
  async post(request: HttpRequest, signal: AbortSignal): Promise<Result<HttpAnswer, Meaning>> {
    const kept = this.#current !== undefined;
    const answer = await this.#postOnce(request, signal);
    if (answer.ok || answer.error.reason !== 'network' || signal.aborted) return answer;
    // A host closes a connection that was idle for long, and that may cross with the next request over it.
    return kept && request.repeatable ? this.#postOnce(request, signal) : answer;
  }

  async #postOnce({ body, headers }: HttpRequest, signal: AbortSignal): Promise<Result<HttpAnswer, Meaning>> {
    this.#client ??= this.#open();
    try {
      const response = await this.#client.request({
        path: this.#options.url.pathname + this.#options.url.search,
        method: 'POST',
        headers: { 'content-type': 'application/soap+xml;charset=UTF-8', 'user-agent': 'kmswatch', ...headers },
        body,
        signal,
      });
      const contentType = firstOf(response.headers['content-type']);
      const status = response.statusCode;
      const read = status === 401 || status === 413 ? undefined : await readDocument(response.body, contentType);
      if (read === undefined) await response.body.dump({ limit: UNREAD_BODY, signal });
      const document = read ?? err('malformed');
      // What was refused was not read to its end, so nothing more can come over that connection.
      if (!document.ok && read !== undefined) this.drop();
      return ok({ status, contentType, challenges: listOf(response.headers['www-authenticate']), document });
    } catch (error) {
      this.drop();
      return err(connectionFailure(error));
    }
  }

  /** Ends the connection, also one that is still being made. The next request makes another one. */
  drop(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#current = undefined;
    for (const socket of this.#sockets) socket.destroy();
    client?.destroy().catch(() => {});
  }

  #open(): InstanceType<typeof Client> {
    return new Client(this.#options.url.origin, {
      connect: (target, callback) => this.#connect(target, callback),
      pipelining: 1,
      // Deadlines are the callers', over all of an exchange.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MAX_HEADER_OCTETS,
      allowH2: false,
    });
  }

  #connect(target: buildConnector.Options, callback: buildConnector.Callback): void {
    const socket = this.#socket(target);
    this.#connections += 1;
    const number = this.#connections;
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (this.#current === number) this.#current = undefined;
    });
    const failed = (error: Error): void => callback(error, null);
    socket.once('error', failed);
    socket.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      socket.off('error', failed);
      this.#current = number;
      callback(null, socket);
    });
  }

  #socket({ hostname, port, protocol }: buildConnector.Options): Socket {
    const { insecure, lookup } = this.#options;
    const host = hostname.replace(/^\[|\]$/g, '');
    const isSecure = protocol === 'https:';
    const where = {
      host,
      port: Number(port || (isSecure ? 443 : 80)),
      ...(lookup === undefined ? {} : { lookup }),
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
    };
    if (!isSecure) return connectTcp(where);
    const socket: Socket = connectTls({
      socket: new TcpStream(where, (error) => socket.destroy(error)),
      // With which the certificate is compared.
      host,
      // An address has no place in the server name of a handshake (RFC 6066 3).
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(this.#tls === undefined ? {} : { secureContext: this.#tls.secureContext }),
      ...(this.#session === undefined ? {} : { session: this.#session }),
      rejectUnauthorized: !insecure,
    });
    socket.on('session', (session: Buffer) => {
      this.#session = Buffer.from(new Uint8Array(session).buffer);
    });
    return socket;
  }
}

function firstOf(header: string | string[] | undefined): string {
  return listOf(header)[0] ?? '';
}

function listOf(header: string | string[] | undefined): readonly string[] {
  return header === undefined ? [] : [header].flat();
}
