import { CATALOGUE } from './catalogue.ts';
import type { OpenCondition } from './condition.ts';

/** For the store: a line each. */
export function toLines(conditions: readonly OpenCondition[]): readonly string[] {
  return conditions.map((condition) => JSON.stringify(condition));
}

/** What `toLines` wrote; a condition that this version does not know is left out. */
export function fromLines(lines: readonly string[]): readonly OpenCondition[] {
  const known = new Set(CATALOGUE.map(({ name, severity }) => `${severity} ${name}`));
  return lines.flatMap((line) => {
    const { value, limit, ...condition }: OpenCondition = JSON.parse(line);
    // JSON leaves out what is undefined.
    return known.has(`${condition.severity} ${condition.name}`) ? [{ ...condition, value, limit }] : [];
  });
}
