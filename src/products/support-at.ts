import { DAY_S, rfc3339OfSeconds, type Seconds, seconds } from '../kernel/time.ts';
import { supportEnds } from './product-facts.ts';

const NEAR = 365 * DAY_S;

export interface Support {
  /** The last day of support of the first of the releases that ends; null if it is not known. */
  readonly support_end: string | null;
  /** `partly`: it ended for some of the releases of the id; `near`: within a year. */
  readonly support: 'ended' | 'partly' | 'near' | 'supported' | null;
}

/** The support of a product at a time. */
export function supportAt(activationId: string, time: Seconds): Support {
  const all = [...supportEnds(activationId).values()];
  const ends = all.filter((end) => end !== undefined).sort();
  const [first] = ends;
  if (first === undefined) return { support: null, support_end: null };
  const day = dayOf(time);
  const isOver = ends.length === all.length && ends.every((end) => end < day);
  if (isOver || first < day) return { support: isOver ? 'ended' : 'partly', support_end: first };
  return { support: first < dayOf(time + NEAR) ? 'near' : 'supported', support_end: first };
}

function dayOf(time: number): string {
  return rfc3339OfSeconds(seconds(time)).slice(0, 10);
}
