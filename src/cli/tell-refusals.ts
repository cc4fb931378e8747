import { DAMAGED_LOG } from '../activations/refusals/refused-form.ts';
import { counted, listed } from '../kernel/words.ts';

/** Something of a file that was not taken. */
export interface Refused {
  /** Where it is, for people: `record 3`; empty where the reason says so itself. */
  readonly place: string;
  readonly reason: string;
}

/** Causes of one file that are printed; all refusals are counted. */
const MOST_CAUSES = 20;
const REMEDY = `${DAMAGED_LOG.charAt(0).toUpperCase()}${DAMAGED_LOG.slice(1)}`;
/** Places that are named of one cause. */
const MOST_PLACES = 3;

/**
 * One line for each cause, with the first of its places: a file in which one thing is wrong a thousand times says so once.
 * @param total how many there are, of which `refused` may be the first
 */
export function refusalLines(refused: readonly Refused[], total: number): string[] {
  const causes = Map.groupBy(refused, ({ reason }) => reason);
  const shown = [...causes].slice(0, MOST_CAUSES);
  const lines = shown.map(([reason, of]) => {
    const places = of.flatMap(({ place }) => (place === '' ? [] : [place]));
    return places.length === 0 ? reason : `${listed(places, MOST_PLACES)}: ${reason}`;
  });
  const told = shown.reduce((sum, [, of]) => sum + of.length, 0);
  return total > told ? [...lines, `and ${total - told} more`] : lines;
}

/**
 * What is damaged in a saved log: all of it while that is little, else how much, and the first of it.
 * @param damaged the first of the parts, each with its place @param total how many there are
 */
export function damageLines(damaged: readonly string[], total: number): string[] {
  if (total === 0) return [];
  if (total <= MOST_PLACES) return [...damaged, REMEDY];
  return [
    `the log is damaged in ${counted(total, 'place')}; what is sound was read. The first:`,
    ...damaged.slice(0, MOST_PLACES).map((text) => `  ${text}`),
    REMEDY,
  ];
}
