import { DAY_MS, HOUR_MS, millis } from '../kernel/time.ts';
import { counted } from '../kernel/words.ts';
import type { Condition, Finding } from './condition.ts';
import { unlessStale } from './feed-promql.ts';
import { judgedHosts, staleFeeds } from './feeds.ts';
import type { Picture } from './picture.ts';
import { CLIENT_RUNBOOKS } from './runbooks/clients.ts';
import { CLASS_TEMPLATE, classWords, percent } from './words.ts';

/** Of the last hour's requests, and at least so many. */
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
    description:
      '{{ $labels.host }} refused more than 5 % of the requests. kms_requests_last_hour tells which class and result; docs/troubleshooting.md and kmswatch explain CLIENT tell what each result means.',
    runbook: CLIENT_RUNBOOKS.KmsRequestsFailing,
  },
  {
    name: 'KmsProductRefused',
    severity: 'warning',
    holdsWhen: 'every request of a day for a product failed at a host',
    group: 'clients',
    hold: millis(0),
    evaluate: productRefused,
    promql: `kms_products_refused == 1
${unlessStale}`,
    summary: '{{ $labels.host }} refuses every request for {{ $labels.product }}',
    description:
      'All requests for {{ $labels.product }} within a day failed at {{ $labels.host }}: most likely its host key does not cover this product (0xC004F042; 0xC004F06C would be wrong clocks). Install the host key of this version or a newer one (for Office also the Volume License Pack) and activate it.',
    runbook: CLIENT_RUNBOOKS.KmsProductRefused,
  },
  {
    name: 'KmsClientsRetrying',
    severity: 'warning',
    holdsWhen: 'clients have asked again and again for over 24 hours',
    group: 'clients',
    hold: millis(0),
    evaluate: clientsRetrying,
    promql: `kms_clients_retrying_long > 0
${unlessStale}`,
    summary: `{{ $value }} activations of ${CLASS_TEMPLATE} have been asked for at {{ $labels.host }} in vain for over a day`,
    description:
      'They are not activated, or their renewals do not take, and they ask again every two hours. kmswatch leases --state unactivated and --state renewal_failing list them, kmswatch explain CLIENT says why.',
    runbook: CLIENT_RUNBOOKS.KmsClientsRetrying,
  },
  {
    name: 'KmsDuplicateClientIds',
    severity: 'warning',
    holdsWhen: 'a client id is used by several machines',
    group: 'clients',
    hold: DAY_MS,
    evaluate: duplicateIds,
    promql: 'kms_duplicate_client_ids > 0',
    summary: '{{ $value }} client ids are used by several machines each',
    description:
      'Machines cloned without sysprep /generalize share a client id, and a host counts them as one. The clients are marked duplicate in /api/v1/leases. On each clone run slmgr /rearm and restart it; generalise the image.',
    runbook: CLIENT_RUNBOOKS.KmsDuplicateClientIds,
  },
  {
    name: 'KmsClientClockSkew',
    severity: 'warning',
    holdsWhen: 'clients have a clock that is more than 4 hours off',
    group: 'clients',
    hold: HOUR_MS,
    evaluate: clockSkew,
    promql: `kms_clients_skewed > 0
${unlessStale}`,
    summary: '{{ $value }} clients of {{ $labels.host }} have a clock that is more than 4 hours off',
    description:
      'A KMS host refuses requests whose time differs by more than 4 hours (0xC004F06C). Set their clocks right: w32tm /resync; look at the time of their hypervisor. kmswatch explain CLIENT shows how far off one is.',
    runbook: CLIENT_RUNBOOKS.KmsClientClockSkew,
  },
];

function requestsFailing(picture: Picture): readonly Finding[] {
  const counts = picture.records.aggregates?.requestsLastHour ?? [];
  const stale = staleFeeds(picture);
  const hosts = new Map<string, { all: number; failed: number }>();
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
        remedy: 'kms_requests_last_hour tells which class and result; kmswatch explain CLIENT tells what it means.',
        value: failed / all,
        limit: FAILING_SHARE,
      },
    ];
  });
}

function productRefused(picture: Picture): readonly Finding[] {
  const stale = staleFeeds(picture);
  return (picture.records.aggregates?.refused ?? [])
    .filter(({ host }) => !stale.has(host))
    .map(({ host, product }) => ({
      subject: { host, product },
      summary: `${host} refused every request of the last day for ${product}`,
      remedy:
        'Its host key does not cover this product: install the key of this version or a newer one, and activate it.',
    }));
}

function clientsRetrying(picture: Picture): readonly Finding[] {
  const stale = staleFeeds(picture);
  return (picture.records.aggregates?.retrying ?? [])
    .filter(({ host, long }) => long > 0 && !stale.has(host))
    .map(({ host, cls, long }) => ({
      subject: { host, class: cls },
      summary: `${counted(long, 'lease')} of ${classWords(cls)} ${long === 1 ? 'has' : 'have'} been asked for at ${host} in vain for over a day`,
      remedy: 'kmswatch leases --state unactivated lists them; kmswatch explain CLIENT says why.',
      value: long,
      limit: 0,
    }));
}

function duplicateIds({ records }: Picture): readonly Finding[] {
  const count = records.aggregates?.duplicateClientIds ?? 0;
  if (count === 0) return [];
  return [
    {
      subject: {},
      summary: `${counted(count, 'client id')} ${count === 1 ? 'is' : 'are'} used by several machines each, as clones do`,
      remedy: 'On each clone run slmgr /rearm and restart it; generalise the image (sysprep /generalize).',
      value: count,
      limit: 0,
    },
  ];
}

function clockSkew(picture: Picture): readonly Finding[] {
  return judgedHosts(picture)
    .filter(({ skewed }) => skewed > 0)
    .map(({ host, skewed }) => ({
      subject: { host },
      summary: `${counted(skewed, 'client')} of ${host} ${skewed === 1 ? 'has' : 'have'} a clock that is more than 4 hours off`,
      remedy:
        'The host refuses them (0xC004F06C): set their clocks right (w32tm /resync), or that of their hypervisor.',
      value: skewed,
      limit: 0,
    }));
}
