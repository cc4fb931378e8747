import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Service } from '../../src/agent/service.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import { type SimulatedHost, type SimulatedHostKind, startSimulatedHost } from '../../src/demo/kms-host.ts';
import type { Store } from '../../src/store/store.ts';
import { ConditionsAnswer } from '../../src/web/api/schemas.ts';
import { type Fault, type FaultyDns, startFaultyDns } from '../peers/faulty-dns.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { seriesValue } from '../support/agent.ts';
import { PATIENT } from '../support/patient.ts';
import { startService } from '../support/service.ts';

/** `FLAPS=1000 npx vitest run test/e2e/flapping.test.ts` for a long run. */
const FLAPS = Number(process.env['FLAPS'] ?? 40);
/** Milliseconds between two changes. */
const EVERY = 300;
/** 5 minutes become a quarter of a second: nearly every flap is sent. */
const HURRY = 1200;
const DOMAIN = 'corp.example';

const DNS_MOODS: readonly (Fault | undefined)[] = [
  ...([undefined, undefined, 'silent', 'servfail', 'refused', 'closed over TCP', 'torn over TCP', 'garbage'] as const),
];
const HOST_MOODS: readonly (SimulatedHostKind | 'gone')[] = [
  'healthy',
  'healthy',
  'gone',
  'silent',
  'closes',
  'busy',
  'http',
];
const RECEIVER_MOODS = ['well', 'well', 'hangs', 'fails', 'cuts off'] as const;

/** A receiver of webhooks that does what the test says. */
class Receiver {
  mood: (typeof RECEIVER_MOODS)[number] = 'well';
  /** By labels, what it received, in order, and whether it has acknowledged it. */
  readonly told = new Map<string, { readonly what: string; readonly isTaken: boolean }[]>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const { mood } = this;
      const { alerts } = JSON.parse(Buffer.concat(parts).toString());
      for (const { labels, status, startsAt } of alerts) {
        const key = JSON.stringify(labels);
        this.told.set(key, [
          ...(this.told.get(key) ?? []),
          { what: `${status} since ${startsAt}`, isTaken: mood === 'well' },
        ]);
      }
      if (mood === 'cuts off') request.socket.destroy();
      else if (mood === 'fails') response.writeHead(503).end();
      else if (mood === 'well') response.end();
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** A host on one port that may be something else from one moment to the next. */
class FlappingHost {
  #host: SimulatedHost | undefined;
  port = 0;

  async become(kind: SimulatedHostKind | 'gone'): Promise<void> {
    await this.#host?.close();
    this.#host = kind === 'gone' ? undefined : await startSimulatedHost({ kind, port: this.port });
    this.port = this.#host?.port ?? this.port;
  }
}

const moods: (Fault | undefined)[] = [undefined, undefined];
const hosts = [new FlappingHost(), new FlappingHost()];
const receivers = [new Receiver(), new Receiver()];
let servers: FaultyDns[] = [];
let folder: TemporaryFolder;
let store: Store;
let service: Service;
let url = '';

beforeAll(async () => {
  for (const host of hosts) await host.become('healthy');
  const records = hosts.flatMap(({ port }, index) => [
    { name: `_vlmcs._tcp.${DOMAIN}`, type: 'SRV' as const, target: `kms${index}.${DOMAIN}`, port },
    { name: `kms${index}.${DOMAIN}`, type: 'A' as const, address: '127.0.0.1' },
  ]);
  servers = await Promise.all(
    moods.map((_, index) => startFaultyDns({ zones: [DOMAIN], records }, () => moods[index])),
  );
  const config = ConfigSchema.parse({
    discovery: {
      domains: [DOMAIN],
      servers: servers.map(({ address, port }) => `${address}:${port}`),
      ...{ schedule: '* * * * * *', timeout: '200ms', attempts: 1 },
    },
    probe: { schedule: '* * * * * *', timeout: '300ms' },
    web: { listen: ['127.0.0.1:0'] },
    notify: await Promise.all(receivers.map(async (one) => ({ webhook: { url: await one.listen() } }))),
  });
  folder = await temporaryFolder();
  ({ service, store, url } = await startService({ config, folder: folder.path, tickEvery: 1000, hurry: HURRY }));
  await vi.waitFor(async () => expect((await fetch(`${url}/-/ready`)).status).toBe(200), PATIENT);
});
afterAll(async () => {
  await service?.stop();
  await store?.close();
  for (const receiver of receivers) receiver.close();
  await Promise.all(servers.map((server) => server.close()));
  for (const host of hosts) await host.become('gone');
  await folder?.remove();
});

async function openConditions() {
  return ConditionsAnswer.parse(await (await fetch(`${url}/api/v1/conditions`)).json()).conditions;
}

/** Sockets and timers of this process by kind. */
function handles(): Record<string, number> {
  const all = Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind);
  return Object.fromEntries([...all].map(([kind, those]) => [kind, those.length]));
}

it(`tells nothing twice and is as well as before over ${FLAPS} flaps of name servers, hosts and receivers`, async () => {
  await expect.poll(openConditions, PATIENT).toEqual([]);
  const before = handles();
  for (let flap = 0; flap < FLAPS; flap++) {
    const any = <T>(of: readonly T[]) => of[Math.floor(Math.random() * of.length)] as T;
    moods[flap % 2] = any(DNS_MOODS);
    await hosts[(flap >> 1) % 2]?.become(any(HOST_MOODS));
    for (const receiver of receivers) receiver.mood = any(RECEIVER_MOODS);
    await wait(EVERY);
  }
  moods.fill(undefined);
  for (const host of hosts) await host.become('healthy');
  for (const receiver of receivers) receiver.mood = 'well';

  await expect.poll(openConditions, PATIENT).toEqual([]);
  const numbers = async () => {
    const page = await (await fetch(`${url}/metrics`)).text();
    return ['kms_hosts_up', 'kms_hosts'].map((name) => seriesValue(page, name));
  };
  await expect.poll(numbers, PATIENT).toEqual([2, 2]);
  for (const { told } of receivers) {
    const open = () =>
      [...told.values()].filter((those) => !those.at(-1)?.isTaken || those.at(-1)?.what.startsWith('firing'));
    await expect.poll(open, PATIENT).toEqual([]);
    expect(told.size).toBeGreaterThan(0);
    for (const those of told.values()) {
      const taken = those.filter(({ isTaken }) => isTaken).map(({ what }) => what);
      expect(taken).toEqual([...new Set(taken)]);
    }
  }
  for (const kind of ['TCPSocketWrap', 'UDPWrap', 'TCPServerWrap']) {
    await expect.poll(() => handles()[kind] ?? 0, PATIENT).toBeLessThanOrEqual((before[kind] ?? 0) + 4);
  }
}, 600_000);
