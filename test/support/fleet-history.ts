import { demoFleet } from '../../src/demo/fleet/demo-fleet.ts';
import { DAY_S } from '../../src/kernel/time.ts';

/** The demo's fleet up to a moment, as lines in the agent's own form. @param now milliseconds since the epoch */
export function fleetHistory(now: number, days: number): string {
  const fleet = demoFleet(now);
  const end = Math.floor(now / 1000);
  const lines: string[] = [];
  for (const record of fleet.records(end - days * DAY_S, end)) lines.push(JSON.stringify(record));
  return `${lines.join('\n')}\n`;
}
