import type { OpenCondition } from '../../src/conditions/condition.ts';
import { OpenConditions } from '../../src/conditions/open-conditions.ts';
import type { ConditionSnapshot } from '../../src/conditions/snapshot.ts';
import type { EstateSnapshot } from '../../src/estate/snapshot.ts';
import { records } from './records.ts';

/** What conditions judge, of an estate of whose logs nothing is known. */
export function snapshotWith(estate: EstateSnapshot, changes: Partial<ConditionSnapshot> = {}): ConditionSnapshot {
  const known = { ...records(estate.at / 1000), aggregates: undefined };
  return { estate, logs: known, agent: undefined, risen: new Set(), ...changes };
}

/** What is open after one evaluation. */
export function openIn(estate: EstateSnapshot): readonly OpenCondition[] {
  const open = new OpenConditions();
  open.evaluate(snapshotWith(estate), estate.at);
  return open.all;
}
