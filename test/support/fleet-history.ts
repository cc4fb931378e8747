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

/** Seconds between two records; a log counts as read after two minutes without one. */
const EVERY = 10;

/**
 * Goes on sending old records of the branch, so that its log is still coming in however slow the machine is.
 * @param agent its URL @returns ends it
 */
export function keepComing(agent: string, token: string): () => void {
  const record = { host: BRANCH, channel: 'Application', event_id: 12294, data: ['branch.example'] };
  const time = new Date(Date.now() - 3 * DAY_S * 1000).toISOString();
  let recordId = 1_000_000;
  const timer = setInterval(() => {
    recordId += 1;
    const body = JSON.stringify({ ...record, record_id: recordId, time });
    const headers = { authorization: `Bearer ${token}` };
    // An agent that has ended takes no more.
    fetch(`${agent}/api/v1/events`, { method: 'POST', headers, body }).catch(() => {});
  }, EVERY * 1000);
  return () => clearInterval(timer);
}
