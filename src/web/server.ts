import type { Server as HttpServer, RequestListener, ServerOptions, ServerResponse } from 'node:http';
import type { Http2SecureServer, Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { TlsSettings } from '../config/web-file/tls-settings.ts';
import { MINUTE_MS } from '../kernel/time.ts';
import { isWelcome } from './client-certificate.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/**
 * Not imported: for an `import` Node looks up every name of `node:http`, and one of them, `WebSocket`, loads a whole
 * client of the web. TLS and HTTP/2 are loaded if a listener speaks them. Together these would take some 15 MB.
 */
const { createServer } = process.getBuiltinModule('node:http');
const https = () => process.getBuiltinModule('node:https');
const http2 = () => process.getBuiltinModule('node:http2');

/** How a listener speaks. */
export interface Transport {
  /** Undefined: plain HTTP. */
  readonly tls: TlsSettings | undefined;
  /** With TLS only; HTTP/1.1 is always spoken too. */
  readonly http2: boolean;
}

export const PLAIN: Transport = { tls: undefined, http2: false };

/** Limits on the cost of a client: milliseconds, bytes, sockets. */
const HEADERS_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = MINUTE_MS;
const KEEP_ALIVE_TIMEOUT = MINUTE_MS;
const HANDSHAKE_TIMEOUT = 10_000;
/** Between two looks for connections whose time is up. */
const CHECK_INTERVAL = 1_000;
/** Without a byte in either direction; longer than any answer takes. */
const SILENCE_TIMEOUT = 300_000;
const MAX_HEADER_SIZE = 8 * 1024;
const MAX_HEADERS = 100;
const MAX_CONNECTIONS = 2_000;
const MAX_STREAMS = 100;

const LIMITS: ServerOptions = {
  headersTimeout: HEADERS_TIMEOUT,
  requestTimeout: REQUEST_TIMEOUT,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
  connectionsCheckingInterval: CHECK_INTERVAL,
  maxHeaderSize: MAX_HEADER_SIZE,
};

/** How long answers in progress may take after a stop signal, in milliseconds. */
const GRACE = 2_000;

/** A server of one address with all its limits, not listening yet. */
export class Server {
  readonly tcp: TcpServer;
  readonly #sockets = new Set<Duplex>();
  /** The last answer of a connection that is still to come. */
  readonly #owed = new WeakMap<Duplex, ServerResponse>();
  #transport: Transport;

  constructor(transport: Transport, handler: RequestListener) {
    this.#transport = transport;
    const server = this.#create((request, response) => {
      this.#owed.set(request.socket, response);
      response.once('close', () => {
        if (this.#owed.get(request.socket) === response) this.#owed.delete(request.socket);
      });
      handler(request, response);
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
      const owed = this.#owed.get(socket);
      // Of requests in a row, those before the broken one have their answers first.
      if (owed === undefined || !owed.req.complete) refuseClient(error, socket);
      else owed.once('close', () => refuseClient(error, socket));
    });
    server.on('connection', (socket: Duplex) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.tcp = server;
  }

  /** Takes another certificate and other rules from the next connection on. @returns false: that needs a new server */
  follow(transport: Transport): boolean {
    if (modeOf(transport) !== modeOf(this.#transport)) return false;
    const { tls } = transport;
    if (tls !== undefined && tls !== this.#transport.tls) (this.tcp as HttpsServer).setSecureContext(tls.context);
    this.#transport = transport;
    return true;
  }

  /** Stops listening; answers under way get a moment to end. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.tcp.close(() => resolve()));
    if ('closeIdleConnections' in this.tcp) (this.tcp as HttpServer).closeIdleConnections();
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, GRACE);
    await closed;
    clearTimeout(timer);
  }

  #create(handler: RequestListener): TcpServer {
    const { tls, http2: hasHttp2 } = this.#transport;
    if (tls === undefined) return limited(createServer(LIMITS, handler));
    const options = {
      ...tls.context,
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      requestCert: tls.clientAuth !== 'NoClientCert',
      // Each kind of client authentication has its own rules; see below.
      rejectUnauthorized: false,
    };
    const server = hasHttp2
      ? createHttp2Server(options, handler)
      : limited(https().createServer({ ...options, ...LIMITS }, handler));
    this.#checkClients(server);
    return server;
  }

  /** Comes before the protocol: a client that is not welcome is gone before a request of its is read. */
  #checkClients(server: HttpsServer | Http2SecureServer): void {
    const speak = server.listeners('secureConnection');
    server.removeAllListeners('secureConnection');
    server.on('secureConnection', (socket: TLSSocket) => {
      if (this.#transport.tls === undefined || !isWelcome(socket, this.#transport.tls)) socket.destroy();
      else for (const listener of speak) listener.call(server, socket);
    });
  }
}

/** The settings that a server cannot change while it listens. */
export function modeOf({ tls, http2 }: Transport): string {
  if (tls === undefined) return 'http';
  return `https${http2 ? ' h2' : ''}${tls.clientAuth === 'NoClientCert' ? '' : ' clients'}`;
}

function createHttp2Server(options: object, handler: RequestListener): Http2SecureServer {
  const server = http2().createSecureServer({
    ...options,
    allowHTTP1: true,
    maxHeaderListPairs: MAX_HEADERS,
    settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: MAX_HEADER_SIZE, enablePush: false },
  });
  server.on('request', (request, response) => {
    if (request.httpVersionMajor >= 2) {
      limitStream(request);
      showEnd(response);
    }
    // Fastify takes both kinds; its types know one instance to have one kind.
    handler(request as never, response as never);
  });
  return limited(server);
}

/** The limits of a request's whole time, which Node has for HTTP/1 only. */
function limitStream({ stream }: Http2ServerRequest): void {
  if (stream.endAfterHeaders) return;
  const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = http2().constants;
  const timer = setTimeout(() => stream.close(NGHTTP2_CANCEL), REQUEST_TIMEOUT).unref();
  stream.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
  // Answered before its body has come: the rest is not wanted.
  stream.once('finish', () => {
    if (!stream.readableEnded) stream.close(NGHTTP2_NO_ERROR);
  });
}

/** An answer that is broken off ends with an error; Node would end it so that it looks whole. */
function showEnd(response: Http2ServerResponse): void {
  const { stream } = response;
  const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = http2().constants;
  response.destroy = () => {
    stream.close(response.writableEnded ? NGHTTP2_NO_ERROR : NGHTTP2_INTERNAL_ERROR);
    return response;
  };
}

/** A server of HTTP/2 takes the limits of HTTP/1 as properties only. */
function limited<S extends TcpServer>(server: S): S {
  return Object.assign(server, {
    headersTimeout: HEADERS_TIMEOUT,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    connectionsCheckingInterval: CHECK_INTERVAL,
    maxHeaderSize: MAX_HEADER_SIZE,
    maxHeadersCount: MAX_HEADERS,
    timeout: SILENCE_TIMEOUT,
  });
}

const MALFORMED = ['400 Bad Request', 'the request is not sound HTTP'] as const;
const REFUSALS: Readonly<Record<string, readonly [status: string, text: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', `the headers have more than ${MAX_HEADER_SIZE} octets`],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'the chunk extensions are too long'],
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    `the request was not complete in time (${HEADERS_TIMEOUT / 1000} s for its headers, ${REQUEST_TIMEOUT / 1000} s in all): send less at a time`,
  ],
};

/** A malformed HTTP request gets one answer with the usual headers, and the connection ends. */
function refuseClient(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const headers = Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  const [status, text] = REFUSALS[error.code ?? ''] ?? MALFORMED;
  const type = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${text.length + 1}\r\n`;
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${type}${headers.join('')}\r\n${text}\n`);
  // A peer that does not close its side would keep the other one open.
  setTimeout(() => socket.destroy(), CHECK_INTERVAL).unref();
}
