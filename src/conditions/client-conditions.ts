import { DAY_MS, HOUR_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import { counted, listed } from '../kernel/words.ts';
import { FAILING_LEAST } from '../leases/failing.ts';
import { formatHresult, resultCalled } from '../products/activation-result.ts';
import type { Condition, Finding } from './condition.ts';
import { FAILURES } from './evidence.ts';
import { unlessAnyReading, unlessStale } from './feed-promql.ts';
import { hostsWithFeed, isAnyReading, unjudgedHosts } from './feeds.ts';
import { CLIENT_RUNBOOKS } from './runbooks/clients.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { CLASS_TEMPLATE, classWords, naming, POOL_TEMPLATE, POOL_WORDS, percent, poolOf, withPool } from './words.ts';
import { besidesClocks, CLOCK_HOLD, type ClockFinding } from './wrong-clocks.ts';

/** Of the last hour's requests. */
const FAILING_SHARE = 0.05;

/** Results that one message counts. */
const RESULTS_TOLD = 3;

export const CLIENT_CONDITIONS: readonly Condition[] = [
  ...besidesClocks(
    {
      name: 'KmsRequestsFailing',
      severity: 'warning',
      holdsWhen: `more than 5 % of the last hour's requests to a host failed, and at least ${FAILING_LEAST} of them; products that its keys do not cover do not count`,
      group: 'clients',
      hold: millis(15 * MINUTE_MS),
      keepFiring: HOUR_MS,
      domainLabel: 'pool',
      summary: `{{ $value | humanizePercentage }} of the last hour's requests to {{ $labels.host }} for ${POOL_TEMPLATE} failed`,
      meaning: `{{ $labels.host }} refused more than 5 % of the requests, and at least ${FAILING_LEAST}. Products that its keys do not cover do not count here.`,
      evidence: FAILURES,
      remedy:
        'kmswatch leases --host {{ $labels.host }} lists its clients, and kmswatch explain CLIENT says what to do.',
      runbook: CLIENT_RUNBOOKS.KmsRequestsFailing,
    },
    {
      all: requestsFailing,
      promql: `kms_requests_failed_ratio > ${FAILING_SHARE}`,
      wrong: 'kms_requests_failed_skewed',
      on: 'job, site, instance, host, pool',
      unless: unlessStale,
    },
  ),
  ...besidesClocks(
    {
      name: 'KmsClientsRetrying',
      severity: 'warning',
      holdsWhen: 'clients have been asking again and again for over 24 hours',
      group: 'clients',
      hold: millis(15 * MINUTE_MS),
      keepFiring: HOUR_MS,
      domainLabel: 'class',
      ownLabels: ['pool'],
      summary: `Activations of ${CLASS_TEMPLATE} requested from {{ $labels.host }} in vain for over a day: {{ $value }}`,
      meaning: 'These machines are not activated, or their renewals fail, and they ask again every two hours.',
      remedy:
        'kmswatch leases --host {{ $labels.host }} --class {{ $labels.class }} --format csv lists them: those with retrying true. kmswatch explain CLIENT says why.',
      runbook: CLIENT_RUNBOOKS.KmsClientsRetrying,
    },
    {
      all: clientsRetrying,
      promql: withPool('kms_clients_retrying_long > 0'),
      wrong: '(kms_clients_retrying_skewed >= kms_clients_retrying_long)',
      on: 'job, site, instance, host, class',
      unless: unlessStale,
    },
  ),
  {
    name: 'KmsDuplicateClientIds',
    severity: 'warning',
    holdsWhen: 'several machines used the same client id in the last 30 days',
    group: 'clients',
    hold: DAY_MS,
    evaluate: duplicateIds,
    promql: `kms_duplicate_client_ids > 0
${unlessAnyReading}`,
    summary: 'Client ids used by several machines: {{ $value }}',
    meaning:
      'Machines cloned without sysprep /generalize share a client id, and a host counts them as one. kmswatch leases --duplicate and the page /clones list them.',
    remedy:
      'Generalise the image (sysprep /generalize, without SkipRearm). Then, on each clone, run slmgr /rearm, restart, and run slmgr /ato.',
    runbook: CLIENT_RUNBOOKS.KmsDuplicateClientIds,
  },
  {
    name: 'KmsClientClockSkew',
    severity: 'warning',
    holdsWhen: 'the clocks of clients are more than 4 hours off',
    group: 'clients',
    hold: CLOCK_HOLD,
    keepFiring: HOUR_MS,
    evaluate: clockSkew,
    promql: `kms_clients_skewed > 0
${unlessStale}`,
    domainLabel: 'host',
    summary: 'Clients of {{ $labels.host }} whose clock is more than 4 hours off: {{ $value }}',
    meaning: 'A KMS host refuses requests whose time differs from its own by more than 4 hours (0xC004F06C).',
    remedy:
      'Correct their clocks (w32tm /resync), or the clock of their hypervisor. kmswatch leases --host {{ $labels.host }} --format csv lists them: those with last_result sl_e_vl_invalid_timestamp. kmswatch explain CLIENT shows how far off one is.',
    runbook: CLIENT_RUNBOOKS.KmsClientClockSkew,
  },
];

function requestsFailing(snapshot: ConditionSnapshot): readonly ClockFinding[] {
  const unjudged = unjudgedHosts(snapshot);
  return (snapshot.logs.aggregates?.failedRatios ?? [])
    .filter(({ host, ratio }) => ratio > FAILING_SHARE && !unjudged.has(host))
    .map(({ host, pool, ratio, isClock, failures }) => ({
      isClock,
      subject: { host, pool },
      summary: `${percent(ratio)} of the last hour's requests to ${host} for ${POOL_WORDS[pool]} failed: ${listed(failures.map(failureWords), RESULTS_TOLD)}`,
      remedy: failingRemedy(host, failures[0]?.result ?? 'other'),
      value: ratio,
      limit: FAILING_SHARE,
    }));
}

function failureWords({ result, count }: { readonly result: string; readonly count: number }): string {
  const { hresult, label } = resultCalled(result);
  return `${count} with ${hresult === undefined ? label : formatHresult(hresult)}`;
}

/** By what most of them failed with. */
function failingRemedy(host: string, result: string): string {
  const { meaning, remedy } = resultCalled(result);
  const clients = `kmswatch leases --host ${host} lists its clients, and kmswatch explain CLIENT says more about one.`;
  return [meaning, remedy, clients].filter((text) => text !== '').join(' ');
}

function clientsRetrying(snapshot: ConditionSnapshot): readonly ClockFinding[] {
  const unjudged = unjudgedHosts(snapshot);
  return (snapshot.logs.aggregates?.retrying ?? [])
    .filter(({ host, long }) => long > 0 && !unjudged.has(host))
    .map(({ host, cls, long, skewed }) => ({
      isClock: skewed >= long,
      subject: { host, class: cls, pool: poolOf(cls) },
      summary: `${counted(long, 'lease')} of ${classWords(cls)} ${long === 1 ? 'has' : 'have'} been requested from ${host} in vain for over a day`,
      value: long,
      limit: 0,
    }));
}

function duplicateIds(snapshot: ConditionSnapshot): readonly Finding[] {
  const { aggregates } = snapshot.logs;
  const { duplicateClientIds: count = 0, duplicateMachines: machines = 0, duplicateNames = [] } = aggregates ?? {};
  if (count === 0 || isAnyReading(snapshot)) return [];
  return [
    {
      subject: {},
      ...naming(
        count === 1
          ? `1 client id is used by ${counted(machines, 'machine')}, probably clones`
          : `${count} client ids are used by ${counted(machines, 'machine')}, probably clones`,
        some(duplicateNames, machines),
      ),
      value: count,
      limit: 0,
    },
  ];
}

/** The names of some machines of so many. */
function some(names: readonly string[], all: number): string {
  return all > names.length ? `${names.join(', ')} and others` : listed(names);
}

function clockSkew(snapshot: ConditionSnapshot): readonly Finding[] {
  if (snapshot.agent?.clock.isInDoubt === true) return [];
  return hostsWithFeed(snapshot)
    .filter(({ skewed }) => skewed > 0)
    .map(({ host, skewed, skewedNames }) => ({
      subject: { host },
      ...naming(
        `${counted(skewed, 'client')} of ${host} ${skewed === 1 ? 'has' : 'have'} a clock that is more than 4 hours off`,
        some(skewedNames, skewed),
      ),
      value: skewed,
      limit: 0,
    }));
}
