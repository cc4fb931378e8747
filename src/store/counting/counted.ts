import type { Seconds } from '../../kernel/time.ts';
import { type Aggregates, holdsAt } from '../aggregates.ts';
import type { State } from '../leases/state.ts';
import { aggregatesOf } from './aggregate.ts';

/** The aggregates of a projection, counted if somebody asks and something has changed since, or a minute has passed. */
export class Counted {
  readonly #state: State;
  #version: number;
  #answer: { readonly version: number; readonly aggregates: Aggregates } | undefined;

  constructor(state: State, version = 0) {
    this.#state = state;
    this.#version = version;
  }

  /** The same for another projection, which counts as a change. */
  of(state: State): Counted {
    return new Counted(state, this.#version + 1);
  }

  get version(): number {
    return this.#version;
  }

  changed(): void {
    this.#version += 1;
  }

  /** @param now seconds since the epoch */
  aggregates(now: Seconds): Aggregates {
    const known = this.#answer;
    if (known?.version === this.#version && holdsAt(known.aggregates, now)) return known.aggregates;
    const aggregates = aggregatesOf(this.#state, now);
    this.#answer = { version: this.#version, aggregates };
    return aggregates;
  }
}
