import type { ActivationObject } from '../directory/types.ts';
import type { Millis } from '../kernel/time.ts';
import type { DirectorySettings } from './settings.ts';
import type { DirectorySnapshot } from './snapshot.ts';

/** What the last reading of the directory said, and whether it can be read. */
export class DirectoryState {
  #objects: readonly ActivationObject[] | undefined;
  #lastSuccess: Millis | undefined;
  #up: boolean | undefined;
  #failure: string | undefined;

  /** @param objects undefined: not asked for */
  recordReading(objects: readonly ActivationObject[] | undefined, at: Millis): void {
    this.#objects = objects;
    this.#lastSuccess = at;
    this.#up = true;
    this.#failure = undefined;
  }

  /** @param text why it cannot be read, free of secrets */
  recordFailure(text: string): void {
    this.#up = false;
    this.#failure = text;
  }

  /** @param settings undefined: no directory is configured */
  snapshot(settings: DirectorySettings | undefined, now: Millis): DirectorySnapshot | undefined {
    if (settings === undefined) return undefined;
    const isFresh = this.#lastSuccess !== undefined && now - this.#lastSuccess <= settings.limit;
    const objects = isFresh ? this.#objects : undefined;
    const { expectedObjects: expected } = settings;
    return {
      up: this.#up,
      failure: this.#failure,
      lastSuccess: this.#lastSuccess,
      objects,
      unexpected: objects && expected && objects.filter(({ name }) => !expected.includes(name)),
    };
  }
}
