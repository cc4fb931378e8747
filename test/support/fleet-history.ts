import { demoFleet } from '../../src/demo/fleet/demo-fleet.ts';
import { DAY_S, HOUR_S } from '../../src/kernel/time.ts';

const BRANCH = 'kms01.branch.example';

/**
 * The demo's fleet up to a moment, as lines in the agent's own form. The log of the branch ends two hours earlier: with
 * newer records, which office hours bring, it would count as read.
 * @param now milliseconds since the epoch
 */
export function fleetHistory(now: number, days: number): string {
  const fleet = demoFleet(now);
  const end = Math.floor(now / 1000);
  const branchEnd = new Date((end - 2 * HOUR_S) * 1000).toISOString();
  const lines: string[] = [];
  for (const record of fleet.records(end - days * DAY_S, end)) {
    if (record.host !== BRANCH || record.time < branchEnd) lines.push(JSON.stringify(record));
  }
  return `${lines.join('\n')}\n`;
}
