import { type HostName, hostNameOfRecord } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import { type HostWithKeys, type KeyPlan, keyPlan } from './key-plan.ts';
import { REQUEST_KIND_WORDS } from './key-words.ts';
import { factsOf, PRODUCT_FACTS } from './product-facts.ts';
import { endOfSupport, type Release } from './releases.ts';

/** A KMS host key, as the newest report of a host names it. */
export interface ReportedKey {
  /** Lower case. */
  readonly activationId: string;
  readonly product: string;
  /** False: it is not activated with Microsoft. */
  readonly licensed: boolean;
}

/** What a host said of its keys in its newest report. */
export interface HostKeys {
  readonly host: HostName;
  /** Of the report, seconds since the epoch. */
  readonly time: Seconds;
  /** Caption of its Windows. */
  readonly os: string | undefined;
  readonly keys: readonly ReportedKey[];
}

export interface KeysAndProducts {
  readonly hosts: readonly HostKeys[];
  /** Those asked for in the last 30 days, at any host. */
  readonly products: readonly { readonly activationId: string; readonly product: string }[];
  /** What the logs of hosts that have reported no keys tell of these products; an agent of an older version says nothing. */
  readonly answers?: readonly LoggedAnswers[];
}

/** Whether a host refused a product in the last 30 days because no key of it covers it, and whether it answered otherwise. */
export interface LoggedAnswers {
  readonly host: HostName;
  readonly activationId: string;
  readonly refused: boolean;
  readonly other: boolean;
}

/** A product against all hosts. */
export interface KeyTableRow {
  readonly activationId: string;
  readonly product: string;
  /** Whether clients asked for it in the last 30 days; else somebody plans it. */
  readonly asked: boolean;
  /** The releases of the activation id, with their last day of support. */
  readonly releases: readonly { readonly release: Release; readonly supportEnd: string | undefined }[];
  /** What a request means that no host key covers; undefined for all others. */
  readonly note: string | undefined;
  /** One for each host that has reported its keys or whose log is known; or one of the host `any`, when there is none. */
  readonly plans: readonly KeyPlan[];
}

/** So that a plan can be made without any report. */
const ANY_HOST: HostWithKeys = { host: hostNameOfRecord('any'), os: undefined, keys: [] };

/**
 * Hosts against products, by name.
 * @param wanted part of the name of a product or of a release, or an activation id. A product that nobody asks for yet is found by it too
 */
export function keyTable(known: KeysAndProducts, wanted?: string): readonly KeyTableRow[] {
  const { products } = known;
  const asked = new Map(products.map(({ activationId, product }) => [activationId, product]));
  const fits = (id: string, name: string) => wanted === undefined || matches(id, name, wanted.toLowerCase());
  const found = [...asked].filter(([id, name]) => fits(id, name));
  const planned = wanted === undefined ? [] : CATALOGUE.filter(([id, name]) => !asked.has(id) && fits(id, name));
  return [...found, ...planned]
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([activationId, product]) => {
      const facts = factsOf(activationId);
      return {
        activationId,
        product,
        asked: asked.has(activationId),
        releases: (facts?.releases ?? []).map((release) => ({ release, supportEnd: endOfSupport(release) })),
        note: facts?.kind && REQUEST_KIND_WORDS[facts.kind],
        plans: plansFor(activationId, known),
      };
    });
}

/** Hosts that have reported no keys, by name. */
export function withoutReport({ answers = [] }: KeysAndProducts): readonly HostName[] {
  return [...new Set(answers.map(({ host }) => host))].sort();
}

function plansFor(activationId: string, known: KeysAndProducts): readonly KeyPlan[] {
  const reported = known.hosts.map((host) => keyPlan(withKeys(host), activationId));
  const logged = withoutReport(known).map((host) => {
    const answer = known.answers?.find((one) => one.host === host && one.activationId === activationId);
    return planByLog(host, activationId, answer);
  });
  const plans = [...reported, ...logged];
  return plans.length === 0 ? [keyPlan(ANY_HOST, activationId)] : plans;
}

/** Without a report, the log alone tells what a host covers: its answers, to the releases that have asked. */
function planByLog(host: HostName, activationId: string, answer: LoggedAnswers | undefined): KeyPlan {
  const plan = { ...keyPlan({ ...ANY_HOST, host }, activationId), byLog: true };
  if (answer?.refused) return { ...plan, coverage: answer.other ? 'some' : 'no' };
  return { ...plan, coverage: answer === undefined ? 'unknown' : 'yes', key: undefined };
}

/** What clients ask for, in the tables: no host keys, and nothing that KMS does not activate. */
const CATALOGUE: readonly (readonly [id: string, name: string])[] = [...PRODUCT_FACTS]
  .filter(([, { nPolicy }]) => nPolicy !== undefined)
  .map(([id, { name }]) => [id, name] as const);

function matches(activationId: string, name: string, wanted: string): boolean {
  const names = [activationId, name, ...(factsOf(activationId)?.releases ?? [])];
  return names.some((one) => one.toLowerCase().includes(wanted));
}

function withKeys({ host, os, keys }: HostKeys) {
  return { host, os, keys: keys.map(({ activationId }) => activationId) };
}
