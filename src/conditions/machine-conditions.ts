import { uncoveredProducts } from '../estate/uncovered-products.ts';
import { DAY_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import { counted, instant } from '../kernel/words.ts';
import { SLMGR } from '../products/scripts.ts';
import type { Condition, Finding } from './condition.ts';
import { unlessAnyReading } from './feed-promql.ts';
import { isAnyReading } from './feeds.ts';
import { MACHINE_RUNBOOKS } from './runbooks/machines.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { CLASS_TEMPLATE, classWords, naming } from './words.ts';

export const MACHINE_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsMachinesNotRenewing',
    severity: 'warning',
    holdsWhen: 'more machines than tolerated are alive, and stopped renewing or never asked',
    group: 'clients',
    hold: DAY_MS,
    evaluate: notRenewing,
    promql: `kms_machines_not_renewing > 0
and ignoring (class, verdict)
(sum without (class, verdict) (kms_machines_not_renewing) > kms_machines_not_renewing_tolerated)
${unlessAnyReading}`,
    summary: `Machines (${CLASS_TEMPLATE}) that are alive and do not renew ({{ $labels.verdict }}): {{ $value }}`,
    meaning:
      'Lists of machines, or the machines themselves, show them alive, but no KMS host hears from them. Those that stopped renewing lose their activation 180 days after their last renewal.',
    remedy: `kmswatch machines --verdict {{ $labels.verdict }} lists them. Look for something that they have in common. On one of them, run ${SLMGR} /dlv.`,
    runbook: MACHINE_RUNBOOKS.KmsMachinesNotRenewing,
  },
  {
    name: 'KmsProductNotCovered',
    severity: 'warning',
    holdsWhen: 'machines have a product that no host key covers, and nobody has asked for it yet',
    group: 'clients',
    hold: DAY_MS,
    evaluate: productsNotCovered,
    promql: 'kms_products_not_covered > 0',
    summary: 'No host key covers {{ $labels.product }}; machines that have it: {{ $value }}',
    meaning: 'Once these machines ask, every host refuses them with 0xC004F042, and they stay unactivated.',
    remedy:
      'kmswatch keys --product "{{ $labels.product }}" names the host key that covers it, and the Windows that can hold it.',
    runbook: MACHINE_RUNBOOKS.KmsProductNotCovered,
  },
  {
    name: 'KmsInventoryStale',
    severity: 'warning',
    holdsWhen: 'a configured source of machines has said nothing for `inventory.stale_after`',
    group: 'clients',
    hold: millis(15 * MINUTE_MS),
    evaluate: staleSources,
    promql: 'kms_inventory_stale == 1',
    scope: 'agent',
    summary: 'The source {{ $labels.source }} of machines has said nothing for inventory.stale_after',
    meaning: 'New machines are not seen, and machines that are not used any more are not noticed.',
    remedy:
      'Fix the job that writes or sends {{ $labels.source }}. If it is not needed any more, remove it from inventory.',
    runbook: MACHINE_RUNBOOKS.KmsInventoryStale,
  },
];

function notRenewing(snapshot: ConditionSnapshot): readonly Finding[] {
  const { machines } = snapshot.logs;
  if (machines === undefined || isAnyReading(snapshot)) return [];
  const sum = machines.notRenewing.reduce((all, one) => all + one.machines, 0);
  if (sum <= machines.tolerated) return [];
  return machines.notRenewing.map(({ cls, verdict, machines: count, names }) => ({
    subject: { class: cls, verdict },
    ...naming(
      `${counted(count, 'machine')} (${classWords(cls)}) alive and ${VERDICT_WORDS[verdict]}`,
      `${names.join(', ')}${count > names.length ? ', …' : ''}`,
    ),
    value: sum,
    limit: machines.tolerated,
  }));
}

const VERDICT_WORDS = { not_renewing: 'no longer renewing', never_asked: 'never heard of by any host' } as const;

function productsNotCovered({ estate, logs }: ConditionSnapshot): readonly Finding[] {
  return uncoveredProducts(estate, logs).map(({ product, machines }) => ({
    subject: { product },
    summary: `No host key covers ${product}, and ${counted(machines, 'machine')} of yours ${machines === 1 ? 'has' : 'have'} it`,
    value: machines,
  }));
}

function staleSources({ logs: { inventory = [] } }: ConditionSnapshot): readonly Finding[] {
  return inventory
    .filter(({ isStale }) => isStale)
    .map(({ source, readAt }) => ({
      subject: { source },
      summary: `The source ${source} of machines ${readAt === undefined ? 'has never been read' : `has said nothing since ${instant(readAt)}`}`,
    }));
}
