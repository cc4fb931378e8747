import { ACROSS_CLASSES, type AlertPattern, ANY, EXPLANATIONS, type Explanation } from './causes.ts';
import type { ConditionKey, OpenCondition } from './condition.ts';

/** What is needed of a condition to tell its cause; without `firing`, it counts as firing. */
type Told = Fault & { readonly firing?: boolean };

type Fault = Pick<OpenCondition, 'name' | 'subject'> & { readonly severity: string };

/** A cause, and below it what follows from it. */
export interface Cause<T> {
  readonly head: T;
  /** The same about further domains of its host, about domains with the same hosts, or about further classes. */
  readonly same: readonly T[];
  readonly follows: readonly T[];
}

/** The same conditions, each with the firing one that is its root cause. */
export function explained(open: readonly OpenCondition[]): readonly OpenCondition[] {
  const firing = new CausesAmong(open.filter(isFiring));
  return open.map((condition) => ({ ...condition, explainedBy: keyOf(firing.rootOf(condition)) }));
}

/**
 * Conditions by their causes, in the order of the causes. While what follows does not fire either, a
 * cause that does not fire yet is a cause all the same.
 */
export function byCause<T extends Told>(open: readonly T[]): readonly Cause<T>[] {
  const [all, firing] = [new CausesAmong(open), new CausesAmong(open.filter(isFiring))];
  const roots = new Map(open.map((each) => [each, (isFiring(each) ? firing : all).rootOf(each)]));
  const faults = new Map(open.filter((each) => roots.get(each) === undefined).map((head) => [head, faultOf(head)]));
  const follows = Map.groupBy(open, (each) => {
    const root = roots.get(each);
    return root && faults.get(root);
  });
  return [...Map.groupBy(faults.keys(), (head) => faults.get(head))].flatMap(([fault, [head, ...same]]) =>
    head === undefined ? [] : [{ head, same, follows: follows.get(fault) ?? [] }],
  );
}

/** One for each fault, the first. */
export function onePerFault<T extends Fault>(list: readonly T[]): readonly T[] {
  return [...Map.groupBy(list, faultOf).values()].flatMap(([first]) => first ?? []);
}

/** One text for what is one fault: a host that is down is down in each of its domains. */
export function faultOf({ name, severity, subject }: Fault): string {
  const isOfHosts = subject['host'] !== undefined || subject['hosts'] !== undefined;
  const others = [...(isOfHosts ? ['domain'] : []), ...(ACROSS_CLASSES.has(name) ? ['class', 'pool'] : [])];
  const labels = Object.entries(subject).filter(([label]) => !others.includes(label));
  return JSON.stringify([name, severity, ...labels.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The words of one fault: of its first, and of those about another class or pool. */
export function summariesOf(
  all: readonly { readonly summary: string; readonly subject: Readonly<Record<string, string>> }[],
): readonly string[] {
  const byClass = Map.groupBy(all, ({ subject }) => `${subject['class']} ${subject['pool']}`);
  return [...byClass.values()].flatMap(([first]) => first?.summary ?? []);
}

/** Causes by what they explain, so that a thousand hosts that are down cost no million comparisons. */
class CausesAmong<T extends Told> {
  readonly #causes: readonly {
    readonly explanation: Explanation;
    readonly byLabels: ReadonlyMap<string, readonly T[]>;
  }[];

  constructor(open: readonly T[]) {
    this.#causes = EXPLANATIONS.map((explanation) => ({
      explanation,
      byLabels: Map.groupBy(
        open.filter((each) => fits(explanation.cause, each)),
        (each) => labelsOf(each, explanation),
      ),
    }));
  }

  /** @returns undefined for what is a cause itself */
  rootOf(condition: T): T | undefined {
    let root: T | undefined;
    // No cause explains itself, not even by way of others; but a table can be wrong.
    for (const passed = new Set([condition]); ; ) {
      const next = this.#causeOf(root ?? condition, passed);
      if (next === undefined) return root;
      root = next;
      passed.add(next);
    }
  }

  #causeOf(effect: T, passed: ReadonlySet<T>): T | undefined {
    for (const { explanation, byLabels } of this.#causes) {
      if (!fits(explanation.effects, effect)) continue;
      const cause = byLabels.get(labelsOf(effect, explanation))?.find((each) => !passed.has(each));
      if (cause !== undefined) return cause;
    }
    return undefined;
  }
}

function labelsOf({ subject }: Told, { equal }: Explanation): string {
  return JSON.stringify(equal.map((label) => subject[label] ?? ''));
}

function isFiring({ firing }: Told): boolean {
  return firing !== false;
}

export function fits({ names, except = [], labels = {} }: AlertPattern, { name, severity, subject }: Fault): boolean {
  if (except.includes(name) || (names !== 'all' && !names.includes(name))) return false;
  const all: Readonly<Record<string, string>> = { ...subject, severity };
  return Object.entries(labels).every(([label, wanted]) => {
    const value = all[label] ?? '';
    return wanted === ANY ? value !== '' : value === wanted;
  });
}

function keyOf(condition: OpenCondition | undefined): ConditionKey | undefined {
  return condition && { name: condition.name, subject: condition.subject };
}
