import { printable } from '../kernel/host-name.ts';
import type { LeftOut, LeftOutReason, Refusal } from './types.ts';

/** Refusals that are kept one by one; all are counted. */
const MOST_REFUSALS = 1000;
const MOST_EXAMPLES = 10;

/** The rows that did not become machines. */
export class Omissions {
  #refused = 0;
  readonly #refusals: Refusal[] = [];
  readonly #leftOut = new Map<LeftOutReason, { count: number; examples: string[] }>();

  get refused(): number {
    return this.#refused;
  }

  refuse(refusal: Refusal): void {
    this.#refused++;
    if (this.#refusals.length < MOST_REFUSALS) this.#refusals.push(refusal);
  }

  leaveOut(reason: LeftOutReason, name: string): void {
    const group = this.#leftOut.get(reason) ?? { count: 0, examples: [] };
    group.count++;
    if (name !== '' && group.examples.length < MOST_EXAMPLES) group.examples.push(printable(name, 64));
    this.#leftOut.set(reason, group);
  }

  refusals(): readonly Refusal[] {
    return this.#refusals.toSorted((a, b) => a.row - b.row);
  }

  leftOut(): readonly LeftOut[] {
    return [...this.#leftOut].map(([reason, group]) => ({ reason, ...group }));
  }
}
