import { poolKeys } from '../estate/host-keys.ts';
import { HOUR_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import type { HostWithKeys } from '../products/key-plan.ts';
import { refusalAdvice } from '../products/refusal-advice.ts';
import { SLMGR } from '../products/scripts.ts';
import type { KeyReport } from '../reports/types.ts';
import type { Condition, Finding } from './condition.ts';
import { unlessStale } from './feed-promql.ts';
import { unjudgedHosts } from './feeds.ts';
import { ONLY_HOST } from './outcome-remedies.ts';
import { KEY_RUNBOOKS } from './runbooks/keys.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { POOL_TEMPLATE, POOL_WORDS, poolOf, withPool } from './words.ts';

/** Its clients ask again within two hours, and `KmsClientsRetrying` goes on for one more. */
const UNTIL_CLIENTS_ASKED = millis(3 * HOUR_MS);

/** What follows `slmgr /ato` for a key of Office. */
const OFFICE_ID = ' ACTIVATION_ID, as /ato alone activates Windows only';

export const KEY_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsHostKeyMissing',
    severity: 'critical',
    holdsWhen:
      'a host reports no KMS host key for Windows or Office, which it served in the last 30 days, or none at all',
    group: 'logs',
    hold: millis(5 * MINUTE_MS),
    keepFiring: UNTIL_CLIENTS_ASKED,
    evaluate: keyMissing,
    promql: `label_replace(kms_host_key_missing == 1 unless on (job, site, instance, host) kms_host_key_info, "keys", "none", "", "")
or on (job, site, instance, host, pool)
kms_host_key_missing == 1`,
    domainLabel: 'pool',
    ownLabels: ['keys'],
    summary: `{{ $labels.host }} has no KMS host key for ${POOL_TEMPLATE}`,
    meaning: `The newest report of {{ $labels.host }} names no such key, so it activates no ${POOL_TEMPLATE} clients. An upgrade, an evaluation edition or a mistaken slmgr /ipk removes it.`,
    remedy: missingRemedy('{{ $labels.host }}', `{{ if eq $labels.pool "office" }}${OFFICE_ID}{{ end }}`),
    runbook: KEY_RUNBOOKS.KmsHostKeyMissing,
  },
  {
    name: 'KmsHostNotActivated',
    severity: 'critical',
    holdsWhen: 'a host reports that one of its KMS host keys is not licensed',
    group: 'logs',
    hold: millis(15 * MINUTE_MS),
    keepFiring: UNTIL_CLIENTS_ASKED,
    evaluate: notActivated,
    promql: `(sum without (status) (kms_host_license_status{status="licensed"}) == 0)
* on (job, site, instance, host, activation_id) group_left (pool)
max by (job, site, instance, host, activation_id, pool) (kms_host_key_info)`,
    domainLabel: 'single',
    summary: 'The KMS host key {{ $labels.product }} of {{ $labels.host }} is not activated',
    meaning: `{{ $labels.host }} activates no client with this key until the key itself is activated with Microsoft. ${SLMGR} /dlv {{ $labels.activation_id }} shows its state.`,
    remedy: `On {{ $labels.host }}: ${SLMGR} /ato {{ $labels.activation_id }}. Without the internet: ${SLMGR} /dti {{ $labels.activation_id }}, then by telephone slmgr /atp CONFIRMATION_ID {{ $labels.activation_id }}.`,
    runbook: KEY_RUNBOOKS.KmsHostNotActivated,
  },
  {
    name: 'KmsProductRefused',
    severity: 'warning',
    holdsWhen:
      'for a day, a host refused every request for a product, or every one of two clients, as its keys do not cover it',
    group: 'clients',
    hold: millis(15 * MINUTE_MS),
    evaluate: productRefused,
    promql: `${withPool('kms_products_refused == 1')}
${unlessStale}`,
    domainLabel: 'single',
    summary: 'The keys of {{ $labels.host }} do not cover {{ $labels.product }}',
    meaning: 'For a day, {{ $labels.host }} refused clients with {{ $labels.product }} (0xC004F042).',
    remedy:
      'kmswatch keys --product "{{ $labels.product }}" names the key that covers it, the host that has it or can take it, and the update that it needs first.',
    runbook: KEY_RUNBOOKS.KmsProductRefused,
  },
];

function keyMissing({ estate, logs }: ConditionSnapshot): readonly Finding[] {
  return poolKeys(estate, logs)
    .filter(({ missing }) => missing)
    .map(({ host, pool, hasOthers, served }) => {
      const what = POOL_WORDS[pool];
      const which = hasOthers ? `no KMS host key for ${what}` : 'no KMS host key at all';
      const before = served ? `, but activated ${what} clients in the last 30 days` : '';
      const subject = { host, pool, ...(hasOthers ? {} : { keys: 'none' }) };
      const remedy = missingRemedy(host, pool === 'office' ? OFFICE_ID : '');
      return { subject, summary: `${host} has ${which}${before}`, remedy };
    });
}

function missingRemedy(host: string, id: string): string {
  return `Install the KMS host key on ${host} again (slmgr /ipk KEY), and activate it (slmgr /ato${id}). If it should no longer be a KMS host, remove its SRV record and its entry in hosts. ${ONLY_HOST}`;
}

function notActivated({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.hosts.flatMap(({ host, report }) =>
    (report?.fresh?.keys ?? []).filter(isInactive).map(({ activationId, product, pool, licenseStatus }) => ({
      subject: { host, product, activation_id: activationId, ...(pool === undefined ? {} : { pool }) },
      summary: `The KMS host key ${product} of ${host} is not activated (${licenseStatus})`,
    })),
  );
}

function isInactive({ licenseStatus }: Pick<KeyReport, 'licenseStatus'>): boolean {
  return licenseStatus !== undefined && licenseStatus !== 'licensed';
}

function productRefused(snapshot: ConditionSnapshot): readonly Finding[] {
  const unjudged = unjudgedHosts(snapshot);
  const hosts = hostsWithKeys(snapshot);
  const refused = (snapshot.logs.aggregates?.refused ?? []).filter(({ host }) => !unjudged.has(host));
  return [...Map.groupBy(refused, ({ host, cls, product }) => `${host}/${cls}/${product}`).values()].flatMap(
    ([one]) => {
      if (one === undefined) return [];
      const { host, cls, product, activationId } = one;
      const own = hosts.find((each) => each.host === host) ?? { host, os: undefined, keys: [] };
      const { meaning, remedy } = refusalAdvice(activationId, own, hosts);
      return [
        {
          subject: { host, class: cls, pool: poolOf(cls), product },
          summary: `The keys of ${host} do not cover ${product} (0xC004F042)${meaning === '' ? '' : `: ${meaning.replace(/\.$/, '')}`}`,
          remedy,
        },
      ];
    },
  );
}

/** By their newest reports, fresh or not: a key that was there last week most likely still is. */
function hostsWithKeys({ estate }: ConditionSnapshot): readonly HostWithKeys[] {
  return estate.hosts.flatMap(({ host, report }) =>
    report?.last === undefined
      ? []
      : [
          {
            ...{ host, os: report.last.os, keys: report.last.keys.map(({ activationId }) => activationId) },
            inactive: report.last.keys.filter(isInactive).map(({ activationId }) => activationId),
          },
        ],
  );
}
