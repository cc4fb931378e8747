import { readObject } from '../kernel/read-object.ts';
import { CATALOGUE } from './catalogue.ts';
import type { OpenCondition } from './condition.ts';

/** The state that a restarted agent needs to keep open conditions open. */
export interface Remembered {
  readonly open: readonly OpenCondition[];
  /** Of hosts whose log does not arrive: until when they count as asked, milliseconds since the epoch. */
  readonly rises: ReadonlyMap<string, number>;
}

/** For the store: a line each. */
export function toLines({ open, rises }: Remembered): readonly string[] {
  const conditions = open.map((condition) => JSON.stringify(condition));
  return rises.size === 0 ? conditions : [...conditions, JSON.stringify({ rises: [...rises] })];
}

type Line = OpenCondition & { readonly rises: readonly (readonly [string, number])[] };

/** Reads the lines of `toLines`; conditions that this version does not know are left out, and so is what is damaged. */
export function fromLines(lines: readonly string[]): Remembered {
  const known = new Set(CATALOGUE.map(({ name, severity }) => `${severity} ${name}`));
  const open: OpenCondition[] = [];
  const rises = new Map<string, number>();
  for (const line of lines) {
    const read = readObject<Line>(line);
    for (const [host, until] of read?.rises ?? []) rises.set(host, until);
    if (read === undefined || !known.has(`${read.severity} ${read.name}`)) continue;
    // JSON leaves out undefined values.
    const { value, limit, overSince, explainedBy, ...condition } = read as OpenCondition;
    open.push({ ...condition, value, limit, overSince, explainedBy });
  }
  return { open, rises };
}
