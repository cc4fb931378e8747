import { z } from 'zod';
import { LOOKUP_FAILURES } from '../../discovery/types.ts';
import { PROBE_OUTCOMES } from '../../probe/types.ts';
import { Count, Known, POOLS, Port, Reading, Seconds, Time } from './values.ts';

const Address = z.strictObject({
  address: z.string(),
  outcome: z.enum(PROBE_OUTCOMES),
  detail: z.string(),
  connect_seconds: Seconds,
  bind_seconds: Seconds,
});

const Endpoint = z.strictObject({
  port: Port,
  up: Known,
  outcome: z.enum(PROBE_OUTCOMES).nullable(),
  detail: z.string().nullable(),
  genuine: Known.describe('False if it also accepts a bind to an interface that does not exist'),
  addresses: z.array(Address),
  resolve_seconds: Seconds,
  connect_seconds: Seconds,
  bind_seconds: Seconds,
  last_probe: Time.nullable(),
  probes: Count,
  failures: z.partialRecord(z.enum(PROBE_OUTCOMES), Count),
});

const Report = z.strictObject({
  up: Known,
  failure: z.string().nullable(),
  last_report: Time.nullable(),
  version: z.string().nullable(),
  os: z.string().nullable(),
  keys: z.array(
    z.strictObject({
      activation_id: z.string(),
      product: z.string(),
      pool: z.enum(POOLS).nullable(),
      license_status: z.string().nullable(),
      clients: z.number().nullable().describe("The host's own count, capped at twice the threshold"),
      required_clients: z.number().nullable(),
    }),
  ),
});

const Log = z.strictObject({ up: Known, failure: z.string().nullable(), last_answer: Time.nullable() });

const Host = z.strictObject({
  host: z.string(),
  published: Known,
  expected: z.boolean(),
  up: Known,
  endpoints: z.array(Endpoint),
  report: Report.nullable().describe('Null if no report is configured for the host'),
  log: Log.nullable().describe('Null if its log is not read by a subscription'),
});
export type HostJson = z.output<typeof Host>;

export const HostsAnswer = z.strictObject({
  hosts: z.array(Host),
  count: Count.nullable(),
  up: Count.nullable(),
  unknown: Count.nullable(),
  reading: Reading,
});

const Lookup = z.strictObject({
  server: z.string(),
  success: Known,
  failure: z.strictObject({ reason: z.enum(LOOKUP_FAILURES), detail: z.string() }).nullable(),
  last_lookup: Time.nullable(),
  duration_seconds: Seconds,
  status: z.enum(['records', 'nodata', 'nxdomain']).nullable(),
  records: Count.nullable(),
  flaws: z.array(z.string()),
  lookups: Count,
  failures: z.record(z.enum(LOOKUP_FAILURES), Count),
});

const Domain = z.strictObject({
  domain: z.string(),
  known: z.boolean().describe('Whether at least one answer is fresh'),
  expected_hosts: z.array(z.string()).nullable(),
  hosts: z
    .array(z.string())
    .describe('Published or expected, by their canonical names; as last known while `known` is false'),
  host_count: Count.nullable(),
  hosts_up: Count.nullable(),
  hosts_unknown: Count.nullable(),
  records: z
    .array(
      z.strictObject({
        host: z.string(),
        target: z.string().describe('As published in DNS'),
        port: Port,
        priority: z.int().min(0).max(65535),
        weight: z.int().min(0).max(65535),
        servers: z.array(z.string()),
      }),
    )
    .describe('The union of the answers'),
  unexpected: z.array(z.strictObject({ host: z.string(), port: Port })),
  missing: z.array(z.string()),
  servers_disagree: Known,
  lookups: z.array(Lookup),
});
export type DomainJson = z.output<typeof Domain>;

export const DiscoveryAnswer = z.strictObject({ domains: z.array(Domain) });

export const TargetsAnswer = z.array(
  z.strictObject({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()) }),
);
