import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Secret } from '../kernel/secret.ts';
import { DAY_S } from '../kernel/time.ts';
import { type DemoRecord, startDnsServer } from './dns-server.ts';
import { holidaysBetween } from './fleet/calendar.ts';
import type { Fleet } from './fleet/fleet.ts';
import { OFFICE_SITE } from './fleet/healthy-plan.ts';
import type { HostPlan } from './fleet/plan.ts';
import { type SimulatedHost, type SimulatedHostKind, startSimulatedHost } from './kms-host.ts';
import { type Readings, startReadings } from './readings.ts';

interface Part {
  /** FQDN. */
  readonly host: string;
  readonly domain: string;
  readonly kind: SimulatedHostKind;
  /** Of its SRV record; default 0. */
  readonly priority?: number;
  /** It was stopped after its record was published. */
  readonly down?: true;
  readonly unexpected?: true;
  readonly story: string;
}

/** Hosts beside those of the fleet: none of them activates a client. */
const ODD_ONES: readonly Part[] = [
  { ...inOffice('kms02'), kind: 'healthy', down: true, story: 'is down: nothing is listening' },
  { ...inOffice('kms03'), kind: 'http', story: 'is not KMS: a web server uses its port' },
  { ...inOffice('kms04'), kind: 'impostor', story: 'is an impostor: it accepts any interface' },
  { ...inOffice('kms99'), kind: 'healthy', unexpected: true, story: 'is published, but not expected' },
];

/** The agent gets the holidays of this many days ahead: `--speed` makes years pass. */
const HOLIDAYS_AHEAD = 3650;

/** A small organisation on loopback: a name server and hosts that answer a bind and nothing else. */
export interface DemoEstate {
  readonly domain: string;
  /** Its name server, with the port. */
  readonly server: string;
  /** With which the agent watches it. */
  readonly config: Config;
  readonly readings: Readings;
  /** What there is to see, a line each. */
  describe(): readonly string[];
  close(): Promise<void>;
}

/**
 * Starts what there is to look at: the hosts of a fleet and some that should not be there.
 * @param token with which the agent takes the fleet's records in
 * @param clock the fleet's
 */
export async function startDemoEstate(fleet: Fleet, token: Secret, clock: Clock): Promise<DemoEstate> {
  const parts = partsOf(fleet);
  const hosts = await Promise.all(parts.map((part) => startSimulatedHost({ kind: part.kind })));
  const dns = await startDnsServer({
    zones: fleet.plan.sites.map(({ domain }) => domain),
    records: parts.flatMap((part, index) => recordsOf(part, hosts[index])),
  });
  await Promise.all(parts.map((part, index) => (part.down ? hosts[index]?.close() : undefined)));
  const server = `${dns.address}:${dns.port}`;
  const readings = await startReadings(fleet, clock);
  return {
    domain: OFFICE_SITE,
    server,
    config: configOf(server, parts, fleet, token, readings.config),
    readings,
    describe: () => [
      `name server ${server}`,
      ...parts.map(({ host, story }, index) => `${host}:${hosts[index]?.port ?? 0} ${story}`),
      '',
      ...readings.stories,
      '',
      ...fleet.plan.groups.map(({ name, prefix, size, story }) => `${size} ${name} (${prefix}...): ${story}`),
    ],
    close: async () => {
      await Promise.all([
        dns.close(),
        readings.close(),
        ...hosts.map((host, index) => (parts[index]?.down ? undefined : host.close())),
      ]);
    },
  };
}

function inOffice(name: string): Pick<Part, 'host' | 'domain'> {
  return { host: `${name}.${OFFICE_SITE}`, domain: OFFICE_SITE };
}

function partsOf({ plan }: Fleet): readonly Part[] {
  return plan.sites.flatMap(({ domain, hosts }) => [
    ...hosts.map((host) => partOf(domain, host)),
    ...ODD_ONES.filter((part) => part.domain === domain),
  ]);
}

/** A standby is far away. */
function partOf(domain: string, { name, priority, story }: HostPlan): Part {
  const isFirst = priority === 0;
  return {
    host: name,
    domain,
    kind: isFirst ? 'healthy' : 'slow',
    priority,
    story: isFirst ? story : `${story}, and slow`,
  };
}

function recordsOf({ host: target, domain, priority = 0 }: Part, host: SimulatedHost | undefined) {
  if (host === undefined) return [];
  return [
    { name: `_vlmcs._tcp.${domain}`, type: 'SRV', target, port: host.port, priority },
    { name: target, type: 'A', address: host.address },
  ] satisfies readonly DemoRecord[];
}

function configOf(
  server: string,
  parts: readonly Part[],
  { plan, start }: Fleet,
  token: Secret,
  readings: string,
): Config {
  const domains = plan.sites.map(({ domain }) => {
    const expected = parts.filter((part) => part.domain === domain && !part.unexpected).map(({ host }) => host);
    return `{name: ${domain}, expected_hosts: [${expected.join(', ')}]}`;
  });
  const quiet = holidaysBetween(plan.holiday, start, start + HOLIDAYS_AHEAD * DAY_S).map(
    ({ from, to }) => `{from: ${from}, to: ${to}}`,
  );
  // Faster than in earnest, so that a change shows while somebody looks.
  const loaded = loadConfig(
    `
discovery:
  domains: [${domains.join(', ')}]
  servers: ["${server}"]
  schedule: "*/10 * * * * *"
probe: {schedule: "*/5 * * * * *", impostor_schedule: "* * * * *"}
leases: {quiet_periods: [${quiet.join(', ')}]}
store: {history: 500d}
ingest: {token: "${token.reveal()}"}
log: {level: warn, format: pretty}
${readings}`,
    '.',
  );
  if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('; '));
  return loaded.value;
}
