import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** The behaviour of a double for one request, once its body has been read. */
export type HttpScript = (response: ServerResponse, request: HttpRequest) => void;

export interface HttpDouble {
  readonly url: string;
  readonly requests: HttpRequest[];
  close(): Promise<void>;
}

/** An HTTP server on 127.0.0.1 that plays one script a request, the last one for all further requests. */
export async function startHttpDouble(...scripts: readonly HttpScript[]): Promise<HttpDouble> {
  const requests: HttpRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const parts: Uint8Array[] = [];
    for await (const part of incoming) parts.push(part);
    const request = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: Buffer.concat(parts).toString('utf8'),
    };
    const index = requests.push(request) - 1;
    scripts[Math.min(index, scripts.length - 1)]?.(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function answering(status: number, body = '', headers: Record<string, string> = {}): HttpScript {
  return (response) => void response.writeHead(status, headers).end(body);
}
