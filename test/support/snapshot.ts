import type { OpenCondition } from '../../src/conditions/condition.ts';
import { OpenConditions } from '../../src/conditions/open-conditions.ts';
import type { Picture } from '../../src/conditions/snapshot.ts';
import type { EstateView } from '../../src/estate/snapshot.ts';
import { records } from './records.ts';

/** What conditions judge, of an estate of whose logs nothing is known. */
export function pictureOf(estate: EstateView, changes: Partial<Picture> = {}): Picture {
  const known = { ...records(estate.at / 1000), aggregates: undefined };
  return { estate, records: known, agent: undefined, risen: new Set(), ...changes };
}

/** What is open after one evaluation. */
export function openIn(estate: EstateView): readonly OpenCondition[] {
  const open = new OpenConditions();
  open.take(pictureOf(estate), estate.at);
  return open.all;
}
