import { LICENSE_STATUSES } from '../products/license-status.ts';
import { OSPP, SLMGR } from '../products/scripts.ts';
import type { MachineProduct } from './machine-json.ts';
import type { Verdict } from './types.ts';

/** What a verdict means for an administrator of the machine: one sentence, and what to do. */
const ADVICE: Readonly<Record<Exclude<Verdict, 'renewing'>, string>> = {
  gone: 'Nobody has seen it for a long time, or it is disabled: retire it (kmswatch retire --gone).',
  other_activation: 'It is not activated by a KMS host: nothing to do here.',
  failing: 'It asks and is not activated: kmswatch explain says why.',
  lapsed: `Its activation has ended: if the machine is still in use, run slmgr /ato on it (Office: ${OSPP} /act in its folder).`,
  not_renewing: `It is in use and has stopped asking: check that it resolves and reaches a KMS host (${SLMGR} /dlv, then /ato).`,
  never_asked: `It is in use and has never asked: check its product key (${SLMGR} /dlv), and that it finds a KMS host in DNS.`,
  unknown: 'Neither a source nor a log says enough: collect licence rows or forward its events.',
};

/** `retire` finds nothing of it. */
const GONE_WITHOUT_LEASE =
  'Nobody has seen it for a long time, or it is disabled; it has no lease here, so there is nothing to do.';

/** A product that is known by the word of its machine alone has a licence status. */
function isOfLease(state: string): boolean {
  return !LICENSE_STATUSES.some((status) => status === state);
}

/** Verdicts of a product that a Windows in order does not hide. */
const NOT_IN_ORDER: readonly Verdict[] = ['failing', 'lapsed', 'not_renewing'];

/** @param machine its verdict, its products, and whether it shares its client id with others */
export function adviceOf(machine: {
  readonly verdict: Verdict;
  readonly products: readonly Pick<MachineProduct, 'product' | 'verdict' | 'state' | 'expiry'>[];
  readonly duplicate: boolean;
}): string {
  if (machine.verdict === 'gone' && !machine.products.some(({ state }) => isOfLease(state))) return GONE_WITHOUT_LEASE;
  return machine.verdict === 'renewing' ? renewingAdvice(machine) : ADVICE[machine.verdict];
}

function renewingAdvice({ products, duplicate }: Omit<Parameters<typeof adviceOf>[0], 'verdict'>): string {
  const other = products.find(({ verdict }) => NOT_IN_ORDER.includes(verdict));
  if (other !== undefined) return `${other.product} is not in order: kmswatch explain says why.`;
  if (duplicate) return 'It shares its client id with other machines: kmswatch explain says which, and what to do.';
  const ending = products.find(({ state }) => state === 'expiring');
  if (ending !== undefined) {
    return `It has not renewed for a long time, and its activation ends ${ending.expiry?.slice(0, 10) ?? 'soon'}: if the machine is still in use, run slmgr /ato on it.`;
  }
  if (products.some(({ state }) => state === 'unactivated')) {
    return 'A host answered it. Whether that activated it is not known yet: kmswatch explain says more.';
  }
  const untold = products.find(({ state }) => state === 'unknown');
  if (untold !== undefined) return `Whether ${untold.product} is activated is not known: kmswatch explain says more.`;
  const isOverdue = products.some(({ state }) => state === 'renewal_overdue');
  return isOverdue
    ? 'Its renewal is overdue: if the machine is in use, kmswatch explain says what to check.'
    : 'Nothing to do.';
}
