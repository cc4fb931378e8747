import { z } from 'zod';
import type { ConditionJson } from '../../conditions/condition-json.ts';
import { LOOKUP_FAILURES } from '../../discovery/types.ts';
import { LEASE_STATES } from '../../leases/types.ts';
import { PROBE_OUTCOMES } from '../../probe/types.ts';
import type { LeaseJson } from '../../store/queries.ts';
import { ErrorAnswer } from './error-answer.ts';

export const LEASE_CLASSES = ['client', 'server', 'office', 'unknown'] as const;
const POOLS = ['windows', 'office'] as const;

const Time = z.iso.datetime().describe('RFC 3339, UTC');
const Port = z.int().min(1).max(65535);
const Seconds = z.number().nullable().describe('Seconds; null if not reached');
const Count = z.int().min(0);
/** Null: not known, or too old to be believed. */
const Known = z.boolean().nullable();

const Lease = z.strictObject({
  client: z.string().describe('Name of the machine as last seen, in lower case'),
  client_id: z.string(),
  activation_id: z.string(),
  product: z.string(),
  class: z.enum(LEASE_CLASSES),
  pool: z.enum(POOLS).nullable(),
  host: z.string(),
  virtual: z.boolean(),
  first_request: Time,
  last_request: Time,
  last_result: z.string(),
  license_status: z.string(),
  expiry: Time.nullable(),
  expiry_basis: z.enum(['confirmed', 'presumed']).nullable(),
  confirmed_expiry: Time.nullable(),
  presumed_expiry: Time.nullable(),
  age_seconds: z.number().min(0).nullable(),
  remaining_seconds: z.number().nullable().describe('Negative after it has ended'),
  state: z.enum(LEASE_STATES),
  retrying: z.boolean(),
  duplicate: z.boolean(),
  retired: z.boolean(),
}) satisfies z.ZodType<LeaseJson>;

export const LeasesAnswer = z.strictObject({
  leases: z.array(Lease),
  next_cursor: z.string().nullable().describe('For the next page; null on the last page'),
});

export const ForecastAnswer = z.strictObject({
  as_of: Time,
  days: Count,
  hosts: z.array(
    z.strictObject({
      host: z.string(),
      class: z.enum(LEASE_CLASSES),
      pool: z.enum(POOLS).nullable(),
      census: z
        .array(Count)
        .nullable()
        .describe('census[0] is now, census[n] is in n days if no more clients ask; null without a pool'),
      ends: z.array(Count).describe('ends[n - 1] counts the leases that end on the n-th day'),
    }),
  ),
});

export const ConditionsAnswer = z.strictObject({
  conditions: z.array(
    z.strictObject({
      name: z.string(),
      severity: z.enum(['critical', 'warning']),
      subject: z.record(z.string(), z.string()).describe('Labels of its subject'),
      since: Time,
      firing: z.boolean().describe('Whether it has held for its hold time'),
      summary: z.string(),
      value: z.number().nullable(),
      limit: z.number().nullable(),
      runbook: z.string().describe('URL of its runbook, as in notifications'),
    }) satisfies z.ZodType<ConditionJson>,
  ),
});

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
  hosts: z.array(z.string()).describe('Published or expected, by their canonical names'),
  host_count: Count.nullable(),
  hosts_up: Count.nullable(),
  records: z
    .array(
      z.strictObject({
        host: z.string(),
        target: z.string().describe('As published in DNS'),
        port: Port,
        priority: z.int().min(0).max(65535),
        weight: z.int().min(0).max(65535),
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

export const EventsAnswer = z.strictObject({
  accepted: Count,
  duplicate: Count,
  ignored: Count,
  rejected: z.array(z.strictObject({ index: Count, reason: z.string() })).describe('The first of the answers'),
  rejected_count: Count,
});

/** Where none was understood. */
export const NoEventsAnswer = z.union([EventsAnswer, ErrorAnswer]);
