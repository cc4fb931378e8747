import { stalledRenewals } from '../estate/stalled-renewals.ts';
import { isCounted } from '../leases/state.ts';
import { AGE_DAYS, EXPIRING_WITHIN_DAYS } from '../leases/tally.ts';
import { type CountedState, LEASE_STATES } from '../leases/types.ts';
import type { ClassAggregates } from '../store/aggregates.ts';
import { hostsOf, perHost } from './log-samples.ts';
import type { Metric, MetricsSnapshot, Sample } from './metric.ts';

const COUNTED_STATES: readonly CountedState[] = LEASE_STATES.filter(isCounted);

export const LEASE_METRICS: readonly Metric[] = [
  {
    name: 'kms_leases',
    type: 'gauge',
    help: 'Leases by state; superseded and retired leases do not count',
    labels: ['class', 'state'],
    samples: (snapshot) => perState(snapshot),
  },
  {
    name: 'kms_leases_expiring',
    type: 'gauge',
    help: 'Leases not yet expired that end within this time (cumulative)',
    labels: ['class', 'within'],
    samples: (snapshot) =>
      perClass(snapshot, ({ tally }) =>
        EXPIRING_WITHIN_DAYS.map((days, index) => [`${days}d`, tally.expiring[index] ?? 0]),
      ),
  },
  {
    name: 'kms_leases_beyond_limit',
    type: 'gauge',
    help: 'Leases that end within leases.warn or leases.critical, and those that ended in the last 30 days',
    labels: ['class', 'limit'],
    samples: (snapshot) =>
      perClass(snapshot, ({ tally }) => [
        ['warn', tally.warn],
        ['critical', tally.critical],
        ['ended', tally.ended],
      ]),
  },
  {
    name: 'kms_leases_tolerated',
    type: 'gauge',
    help: 'Leases of the class that may expire without an alert, from leases.tolerate',
    labels: ['class'],
    samples: (snapshot) => perClass(snapshot, ({ tolerated }) => [[undefined, tolerated]]),
  },
  {
    name: 'kms_renewals_stalled_ratio',
    type: 'gauge',
    help: 'Share of the unexpired leases heard from recently that have been silent for twice the renewal interval',
    labels: ['class'],
    samples: ({ estate, logs }) => stalledRenewals(estate, logs).map(({ cls, ratio }) => [[cls], ratio]),
  },
  {
    name: 'kms_renewals_stalled_limit_ratio',
    type: 'gauge',
    help: 'Share of stalled renewals that raises an alert, from leases.stalled',
    labels: ['class'],
    samples: (snapshot) => perClass(snapshot, () => [[undefined, snapshot.logs.stalledLimit]]),
  },
  {
    name: 'kms_leases_by_age',
    type: 'gauge',
    help: 'Leases by age (cumulative); the age is the validity minus the remaining time',
    labels: ['class', 'max_age'],
    samples: (snapshot) =>
      perClass(snapshot, ({ tally }) =>
        tally.byAge.map((count, index) => [index < AGE_DAYS.length ? `${AGE_DAYS[index]}d` : '+Inf', count]),
      ),
  },
  {
    name: 'kms_lease_next_expiry_timestamp_seconds',
    type: 'gauge',
    help: 'When the next lease of the class ends',
    labels: ['class'],
    samples: (snapshot) =>
      perClass(snapshot, ({ tally }) => (tally.nextExpiry === undefined ? [] : [[undefined, tally.nextExpiry]])),
  },
  {
    name: 'kms_lease_expiry_timestamp_seconds',
    type: 'gauge',
    help: 'When a lease ends, for the leases.series_limit leases that end soonest',
    labels: ['client', 'client_id', 'product', 'activation_id', 'class'],
    samples: function* ({ logs }) {
      for (const lease of logs.aggregates?.soonest ?? []) {
        const { client, clientId, product, activationId, cls, expiry } = lease;
        yield [[client, clientId, product, activationId, cls], expiry];
      }
    },
  },
  {
    name: 'kms_lease_series_dropped',
    type: 'gauge',
    help: 'Leases not yet expired that have no kms_lease_expiry_timestamp_seconds series',
    labels: [],
    samples: ({ logs }) => (logs.aggregates === undefined ? [] : [[[], logs.aggregates.seriesDropped]]),
  },
  {
    name: 'kms_leases_forgotten_total',
    type: 'counter',
    help: 'Leases deleted because their last request was longer ago than leases.forget_after',
    labels: [],
    samples: ({ logs }) => (logs.aggregates === undefined ? [] : [[[], logs.aggregates.forgotten]]),
  },
  {
    name: 'kms_requests_reclassified_total',
    type: 'counter',
    help: 'Requests for a product that a table or the configuration calls Server or Office, with the N-policy of a Windows client: they count as one',
    labels: [],
    samples: ({ logs }) => (logs.aggregates === undefined ? [] : [[[], logs.aggregates.reclassified]]),
  },
  {
    name: 'kms_clients',
    type: 'gauge',
    help: 'Machines with a lease that is neither superseded nor retired',
    labels: ['kind'],
    samples: function* ({ logs: { aggregates } }) {
      if (aggregates === undefined) return;
      yield [['physical'], aggregates.machines.physical];
      yield [['virtual'], aggregates.machines.virtual];
    },
  },
  {
    name: 'kms_clients_retrying',
    type: 'gauge',
    help: 'Leases whose clients keep asking because they are not activated or not renewed',
    labels: ['host', 'class'],
    samples: (snapshot) => retrying(snapshot, 'retrying'),
  },
  {
    name: 'kms_clients_retrying_long',
    type: 'gauge',
    help: 'Leases whose clients have kept asking for more than 24 hours',
    labels: ['host', 'class'],
    samples: (snapshot) => retrying(snapshot, 'long'),
  },
  {
    name: 'kms_clients_retrying_skewed',
    type: 'gauge',
    help: 'Of kms_clients_retrying_long, those whose last request showed a clock more than 4 hours off; only where there are any',
    labels: ['host', 'class'],
    samples: function* ({ agent, logs }) {
      if (agent.clock.isInDoubt) return;
      for (const { host, cls, skewed } of logs.aggregates?.retrying ?? []) if (skewed > 0) yield [[host, cls], skewed];
    },
  },
  {
    name: 'kms_clients_skewed',
    type: 'gauge',
    help: 'Clients whose newest request in the last 7 days showed a clock more than 4 hours off',
    labels: ['host'],
    // While the clock of the agent is in doubt, it accuses no other.
    samples: (snapshot) => (snapshot.agent.clock.isInDoubt ? [] : perHost(snapshot, (host) => host.skewed)),
  },
  {
    name: 'kms_duplicate_client_ids',
    type: 'gauge',
    help: 'Client ids that several machines used in the last 30 days, as clones do',
    labels: [],
    samples: ({ logs }) => (logs.aggregates === undefined ? [] : [[[], logs.aggregates.duplicateClientIds]]),
  },
  {
    name: 'kms_duplicate_machines',
    type: 'gauge',
    help: 'Machines that share such a client id',
    labels: [],
    samples: ({ logs }) => (logs.aggregates === undefined ? [] : [[[], logs.aggregates.duplicateMachines]]),
  },
  {
    name: 'kms_unknown_products',
    type: 'gauge',
    help: 'Activation ids that kmswatch does not know: add them to products',
    labels: [],
    samples: ({ logs }) => (logs.aggregates === undefined ? [] : [[[], logs.aggregates.unknownProducts]]),
  },
];

type Values = Iterable<readonly [label: string | undefined, value: number]>;

function* perClass({ logs }: MetricsSnapshot, values: (cls: ClassAggregates) => Values): Generator<Sample> {
  for (const cls of logs.aggregates?.classes ?? []) {
    for (const [label, value] of values(cls)) yield [label === undefined ? [cls.cls] : [cls.cls, label], value];
  }
}

function perState(snapshot: MetricsSnapshot): Generator<Sample> {
  return perClass(snapshot, ({ tally }) => COUNTED_STATES.map((state) => [state, tally.states[state]]));
}

/** Every host and class that has leases to count shows, so that a rule sees 0 and not nothing. */
function* retrying(snapshot: MetricsSnapshot, which: 'retrying' | 'long'): Generator<Sample> {
  const { aggregates } = snapshot.logs;
  const counts = new Map(
    (aggregates?.retrying ?? []).map((each) => [`${each.host} ${each.cls}`, each[which]] as const),
  );
  for (const { host } of hostsOf(snapshot)) {
    for (const { cls } of aggregates?.classes ?? []) yield [[host, cls], counts.get(`${host} ${cls}`) ?? 0];
  }
}
