import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const Body = z.object({
  groupKey: z.string(),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
    }),
  ),
});

export type ReceivedAlert = z.infer<typeof Body>['alerts'][number] & {
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
  /** Of its message: further messages about the same group have the same. */
  readonly groupKey: string;
};

/** Receives Alertmanager's posts, on loopback. */
export interface Webhook {
  readonly url: string;
  readonly received: readonly ReceivedAlert[];
  close(): Promise<void>;
}

export async function startWebhook(): Promise<Webhook> {
  const received: ReceivedAlert[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const at = Date.now();
    const { alerts, groupKey } = Body.parse(JSON.parse(Buffer.concat(parts).toString()));
    received.push(...alerts.map((alert) => ({ ...alert, at, groupKey })));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    received,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
