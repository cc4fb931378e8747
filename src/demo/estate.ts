import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { type DemoRecord, startDnsServer } from './dns-server.ts';
import { type SimulatedHost, type SimulatedHostKind, startSimulatedHost } from './kms-host.ts';

const DOMAIN = 'corp.example';

interface Part {
  readonly name: string;
  readonly kind: SimulatedHostKind;
  /** It was stopped after its record was published. */
  readonly down?: true;
  readonly unexpected?: true;
  readonly story: string;
}

const PARTS: readonly Part[] = [
  { name: 'kms01', kind: 'healthy', story: 'is all right' },
  { name: 'kms02', kind: 'healthy', down: true, story: 'is down, nothing listens' },
  { name: 'kms03', kind: 'http', story: 'is not KMS: a web server took its port' },
  { name: 'kms04', kind: 'impostor', story: 'is an impostor: it accepts any interface' },
  { name: 'kms05', kind: 'slow', story: 'is slow' },
  { name: 'kms99', kind: 'healthy', unexpected: true, story: 'is published, and nobody expects it' },
];

/** A small organisation on loopback: a name server and hosts that answer a bind and nothing else. */
export interface DemoEstate {
  readonly domain: string;
  /** Its name server, with the port. */
  readonly server: string;
  /** With which the agent watches it. */
  readonly config: Config;
  /** What there is to see, a line each. */
  describe(): readonly string[];
  close(): Promise<void>;
}

export async function startDemoEstate(): Promise<DemoEstate> {
  const hosts = await Promise.all(PARTS.map((part) => startSimulatedHost({ kind: part.kind })));
  const dns = await startDnsServer({
    zones: [DOMAIN],
    records: PARTS.flatMap((part, index) => recordsOf(part, hosts[index])),
  });
  await Promise.all(PARTS.map((part, index) => (part.down ? hosts[index]?.close() : undefined)));
  const server = `${dns.address}:${dns.port}`;
  return {
    domain: DOMAIN,
    server,
    config: configOf(server),
    describe: () => [
      `${DOMAIN}, name server ${server}`,
      ...PARTS.map((part, index) => `${part.name}.${DOMAIN}:${hosts[index]?.port ?? 0} ${part.story}`),
    ],
    close: async () => {
      await Promise.all([dns.close(), ...hosts.map((host, index) => (PARTS[index]?.down ? undefined : host.close()))]);
    },
  };
}

function recordsOf({ name }: Part, host: SimulatedHost | undefined): readonly DemoRecord[] {
  if (host === undefined) return [];
  const target = `${name}.${DOMAIN}`;
  return [
    { name: `_vlmcs._tcp.${DOMAIN}`, type: 'SRV', target, port: host.port },
    { name: target, type: 'A', address: host.address },
  ];
}

function configOf(server: string): Config {
  const expected = PARTS.filter((part) => !part.unexpected).map((part) => `${part.name}.${DOMAIN}`);
  // Faster than in earnest, so that a change shows while somebody looks.
  const loaded = loadConfig(
    `
discovery:
  domains: [{name: ${DOMAIN}, expected_hosts: [${expected.join(', ')}]}]
  servers: ["${server}"]
  schedule: "*/10 * * * * *"
probe: {schedule: "*/5 * * * * *", impostor_schedule: "* * * * *"}
log: {level: warn, format: pretty}
`,
    '.',
  );
  if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('; '));
  return loaded.value;
}
