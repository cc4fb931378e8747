import type { HostName } from '../kernel/host-name.ts';
import { DAY_MS, HOUR_MS, millis } from '../kernel/time.ts';
import { counted } from '../kernel/words.ts';
import type { Condition, Finding } from './condition.ts';
import { unlessStale } from './feed-promql.ts';
import { hostsWithFeed, staleFeeds } from './feeds.ts';
import { CLIENT_RUNBOOKS } from './runbooks/clients.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { CLASS_TEMPLATE, classWords, percent } from './words.ts';

/** A share of the last hour's requests, and the least number of failures. */
const FAILING_SHARE = 0.05;
const FAILING_LEAST = 5;

export const CLIENT_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsRequestsFailing',
    severity: 'warning',
    holdsWhen: "more than 5 % of the last hour's requests to a host failed, and at least 5",
    group: 'clients',
    hold: millis(0),
    evaluate: requestsFailing,
    promql: `(
  sum without (class, result) (kms_requests_last_hour{result!="ok"})
    / sum without (class, result) (kms_requests_last_hour) > ${FAILING_SHARE}
  and
  sum without (class, result) (kms_requests_last_hour{result!="ok"}) >= ${FAILING_LEAST}
)
${unlessStale}`,
    summary: "{{ $value | humanizePercentage }} of the last hour's requests to {{ $labels.host }} failed",
    meaning: '{{ $labels.host }} refused more than 5 % of the requests, and at least 5.',
    remedy:
      'kms_requests_last_hour shows which class and result. kmswatch explain CLIENT and docs/troubleshooting.md say what each result means.',
    runbook: CLIENT_RUNBOOKS.KmsRequestsFailing,
  },
  {
    name: 'KmsProductRefused',
    severity: 'warning',
    holdsWhen: 'every request for a product failed at a host for a day',
    group: 'clients',
    hold: millis(0),
    evaluate: productRefused,
    promql: `kms_products_refused == 1
${unlessStale}`,
    summary: '{{ $labels.host }} refuses every request for {{ $labels.product }}',
    meaning:
      'Within a day, every request for {{ $labels.product }} failed at {{ $labels.host }}. Most likely its host key does not cover this product (0xC004F042). If the result is 0xC004F06C instead, clocks differ.',
    remedy:
      'Install the host key for this version or a newer one, for Office also the Volume License Pack, and activate the key.',
    runbook: CLIENT_RUNBOOKS.KmsProductRefused,
  },
  {
    name: 'KmsClientsRetrying',
    severity: 'warning',
    holdsWhen: 'clients have been asking again and again for over 24 hours',
    group: 'clients',
    hold: millis(0),
    evaluate: clientsRetrying,
    promql: `kms_clients_retrying_long > 0
${unlessStale}`,
    summary: `Activations of ${CLASS_TEMPLATE} requested from {{ $labels.host }} in vain for over a day: {{ $value }}`,
    meaning: 'These machines are not activated, or their renewals fail, and they ask again every two hours.',
    remedy:
      'kmswatch leases --state unactivated and --state renewal_failing list them. kmswatch explain CLIENT says why.',
    runbook: CLIENT_RUNBOOKS.KmsClientsRetrying,
  },
  {
    name: 'KmsDuplicateClientIds',
    severity: 'warning',
    holdsWhen: 'several machines use the same client id',
    group: 'clients',
    hold: DAY_MS,
    evaluate: duplicateIds,
    promql: 'kms_duplicate_client_ids > 0',
    summary: 'Client ids used by several machines: {{ $value }}',
    meaning:
      'Machines cloned without sysprep /generalize share a client id, and a host counts them as one. /api/v1/leases marks these clients as duplicate.',
    remedy: 'On each clone, run slmgr /rearm and restart it. Generalise the image with sysprep /generalize.',
    runbook: CLIENT_RUNBOOKS.KmsDuplicateClientIds,
  },
  {
    name: 'KmsClientClockSkew',
    severity: 'warning',
    holdsWhen: 'the clocks of clients are more than 4 hours off',
    group: 'clients',
    hold: HOUR_MS,
    evaluate: clockSkew,
    promql: `kms_clients_skewed > 0
${unlessStale}`,
    summary: 'Clients of {{ $labels.host }} whose clock is more than 4 hours off: {{ $value }}',
    meaning: 'A KMS host refuses requests whose time differs from its own by more than 4 hours (0xC004F06C).',
    remedy:
      'Correct their clocks (w32tm /resync), or the clock of their hypervisor. kmswatch explain CLIENT shows how far off one is.',
    runbook: CLIENT_RUNBOOKS.KmsClientClockSkew,
  },
];

function requestsFailing(snapshot: ConditionSnapshot): readonly Finding[] {
  const counts = snapshot.logs.aggregates?.requestsLastHour ?? [];
  const stale = staleFeeds(snapshot);
  const hosts = new Map<HostName, { all: number; failed: number }>();
  for (const { host, result, count } of counts) {
    const sums = hosts.get(host) ?? { all: 0, failed: 0 };
    const failed = result === 'ok' ? 0 : count;
    hosts.set(host, { all: sums.all + count, failed: sums.failed + failed });
  }
  return [...hosts].flatMap(([host, { all, failed }]) => {
    if (failed < FAILING_LEAST || failed / all <= FAILING_SHARE || stale.has(host)) return [];
    return [
      {
        subject: { host },
        summary: `${failed} of the last hour's ${counted(all, 'request')} to ${host} failed (${percent(failed / all)})`,
        value: failed / all,
        limit: FAILING_SHARE,
      },
    ];
  });
}

function productRefused(snapshot: ConditionSnapshot): readonly Finding[] {
  const stale = staleFeeds(snapshot);
  return (snapshot.logs.aggregates?.refused ?? [])
    .filter(({ host }) => !stale.has(host))
    .map(({ host, product }) => ({
      subject: { host, product },
      summary: `${host} refused every request of the last day for ${product}`,
    }));
}

function clientsRetrying(snapshot: ConditionSnapshot): readonly Finding[] {
  const stale = staleFeeds(snapshot);
  return (snapshot.logs.aggregates?.retrying ?? [])
    .filter(({ host, long }) => long > 0 && !stale.has(host))
    .map(({ host, cls, long }) => ({
      subject: { host, class: cls },
      summary: `${counted(long, 'lease')} of ${classWords(cls)} ${long === 1 ? 'has' : 'have'} been requested from ${host} in vain for over a day`,
      value: long,
      limit: 0,
    }));
}

function duplicateIds({ logs }: ConditionSnapshot): readonly Finding[] {
  const count = logs.aggregates?.duplicateClientIds ?? 0;
  if (count === 0) return [];
  return [
    {
      subject: {},
      summary:
        count === 1
          ? '1 client id is used by several machines, probably clones'
          : `${count} client ids are each used by several machines, probably clones`,
      value: count,
      limit: 0,
    },
  ];
}

function clockSkew(snapshot: ConditionSnapshot): readonly Finding[] {
  return hostsWithFeed(snapshot)
    .filter(({ skewed }) => skewed > 0)
    .map(({ host, skewed }) => ({
      subject: { host },
      summary: `${counted(skewed, 'client')} of ${host} ${skewed === 1 ? 'has' : 'have'} a clock that is more than 4 hours off`,
      value: skewed,
      limit: 0,
    }));
}
