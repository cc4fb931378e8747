import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import { type PushedRequest, pushAnswer } from './push-answers.ts';

/** Servers in the place of kmswatch, which do with each request what its URL says. */
export interface PushPeer {
  /** The port of each, by its name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Plain HTTP: `/KEY/WORDS` answers with the requests that came below it, as JSON. */
  readonly control: number;
  close(): Promise<void>;
}

/** How a connection begins: TLS with these options; without TLS; or with silence. */
export type Beginning = SecureContextOptions | 'plain' | 'silent';

const HEAD_END = '\r\n\r\n';
/** As servers say that they were spoken to in TLS and do not know it. */
const NO_TLS = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';

/**
 * Starts one server for each beginning. A request to `/KEY/WORD.WORD/...` is answered by the next of the words, the last
 * one for ever; words are those of `push-answers.ts`.
 */
export async function startPushPeer(beginnings: Readonly<Record<string, Beginning>>): Promise<PushPeer> {
  const seen = new Map<string, PushedRequest[]>();
  const sockets = new Set<Socket>();
  const servers: [name: string, server: Server][] = Object.entries(beginnings).map(([name, beginning]) => {
    if (beginning === 'silent') return [name, createTcp()];
    if (beginning === 'plain') return [name, createTcp((socket) => socket.once('data', () => socket.end(NO_TLS)))];
    const secureContext = createSecureContext(beginning);
    return [name, createTcp((raw) => serveOne(new TLSSocket(raw, { isServer: true, secureContext }), raw, seen))];
  });
  const control = createHttp((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(seen.get(request.url?.slice(1) ?? '') ?? []));
  });
  const all = [...servers.map(([, server]) => server), control];
  for (const server of all) {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  return {
    ports: Object.fromEntries(servers.map(([name, server]) => [name, portOf(server)])),
    control: portOf(control),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(all.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function serveOne(socket: Socket, raw: Socket, seen: Map<string, PushedRequest[]>): void {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (part: string) => {
    text += part;
    const end = text.indexOf(HEAD_END);
    if (end < 0) return;
    const head = text.slice(0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const body = text.slice(end + HEAD_END.length);
    if (body.length < length) return;
    text = '';
    const [, key = '', words = '', path = ''] = /^\w+ \/(\w+)\/([\w.]+)(\S*)/.exec(head) ?? [];
    const request = { head, path, body };
    const before = seen.get(`${key}/${words}`) ?? [];
    seen.set(`${key}/${words}`, [...before, request]);
    const list = words.split('.');
    pushAnswer(list[Math.min(before.length, list.length - 1)] ?? '', request, socket, raw);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return address.port;
}
