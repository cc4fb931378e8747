import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request, read with regular expressions. It deliberately shares no code with the writer. */
export interface WsmanRequest {
  /** `Enumerate`, `Pull`, ...; `Identify` where there is no action. */
  readonly action: string;
  readonly resource: string;
  /** The enumeration context that it names. */
  readonly context: string;
  readonly messageId: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Which connection it came over, from 1. */
  readonly connection: number;
}

export interface WsmanReply {
  /** Default: 500 for a body with a fault, else 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** The answer; a function writes the answer itself, or sends none. */
export type WsmanScript = (request: WsmanRequest) => WsmanReply | ((response: ServerResponse) => void);

export interface WsmanDouble {
  readonly url: string;
  readonly requests: readonly WsmanRequest[];
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}

/** A WS-Management service over plain HTTP on 127.0.0.1 that answers as its script says. */
export async function startWsmanDouble(script: WsmanScript): Promise<WsmanDouble> {
  const requests: WsmanRequest[] = [];
  const sockets = new Map<Socket, number>();
  let connections = 0;
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then((body) => {
      const request = readRequest(incoming, body, sockets.get(incoming.socket) ?? 0);
      requests.push(request);
      const reply = script(request);
      if (typeof reply === 'function') reply(response);
      else send(response, reply);
    });
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.set(socket, connections);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    url: `http://127.0.0.1:${address.port}/wsman`,
    requests,
    open: () => sockets.size,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function readRequest(incoming: IncomingMessage, body: string, connection: number): WsmanRequest {
  const within = (name: string): string => new RegExp(`<\\w+:${name}[^>]*>([^<]*)<`).exec(body)?.[1] ?? '';
  return {
    action: within('Action').split('/').at(-1) || 'Identify',
    resource: within('ResourceURI'),
    context: within('EnumerationContext'),
    messageId: within('MessageID'),
    headers: incoming.headers,
    body,
    connection,
  };
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: WsmanReply): void {
  const fault = typeof body === 'string' && body.includes(':Fault>');
  const all = { 'content-type': 'application/soap+xml;charset=UTF-8', ...headers };
  response.writeHead(status ?? (fault ? 500 : 200), { ...all, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
