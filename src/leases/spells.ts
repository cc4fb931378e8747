import { CENSUS_WINDOW } from './census-window.ts';

/** By key, the first and last moment of each stretch, rising. */
export type SpellsSnapshot = Readonly<Record<string, readonly number[]>>;

/** Of a thing that comes and goes, the newest stretches; only those near reports are looked at. */
const MAX_SPELLS = 16;
/** A host has some dozen products; more keys than these are somebody's play. */
const MAX_KEYS = 200;

/** When things were heard of in the last 30 days, for some keys: takes times in any order, and stays small. */
export class Spells {
  /** By key: from, until, from, until, ... where `until` is 30 days after the last time and not included. */
  readonly #spells: Map<number, number[]>;

  constructor(snapshot: SpellsSnapshot = {}) {
    this.#spells = new Map(Object.entries(snapshot).map(([key, bounds]) => [Number(key), [...bounds]]));
  }

  get snapshot(): SpellsSnapshot {
    return Object.fromEntries(this.#spells);
  }

  add(key: number, time: number): void {
    const bounds = this.#spells.get(key);
    if (bounds === undefined) {
      if (this.#spells.size < MAX_KEYS) this.#spells.set(key, [time, time + CENSUS_WINDOW]);
      return;
    }
    const end = bounds.length - 1;
    // In order, which is nearly always, the last stretch grows.
    if (time >= (bounds[end - 1] ?? 0) && time <= (bounds[end] ?? 0)) {
      bounds[end] = Math.max(bounds[end] ?? 0, time + CENSUS_WINDOW);
    } else this.#spells.set(key, inserted(bounds, time));
  }

  /** The keys that were heard of in the 30 days up to a time. */
  *at(time: number): Iterable<number> {
    for (const [key, bounds] of this.#spells) if (isWithin(bounds, time)) yield key;
  }
}

function isWithin(bounds: readonly number[], time: number): boolean {
  for (let index = bounds.length - 2; index >= 0; index -= 2) {
    if ((bounds[index] ?? 0) <= time) return time < (bounds[index + 1] ?? 0);
  }
  return false;
}

function inserted(bounds: readonly number[], time: number): number[] {
  const stretches: [number, number][] = [[time, time + CENSUS_WINDOW]];
  for (let index = 0; index < bounds.length; index += 2) stretches.push([bounds[index] ?? 0, bounds[index + 1] ?? 0]);
  stretches.sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, until] of stretches) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], until);
    else merged.push([from, until]);
  }
  return merged.slice(-MAX_SPELLS).flat();
}
