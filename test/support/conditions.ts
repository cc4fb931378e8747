import { runbookPathOf } from '../../src/conditions/catalogue.ts';
import type { OpenCondition } from '../../src/conditions/condition.ts';
import { millis } from '../../src/kernel/time.ts';

/** A condition that fires, about one host. */
export function openCondition(host: string, changes: Partial<OpenCondition> = {}): OpenCondition {
  return {
    name: 'KmsHostDown',
    severity: 'warning',
    subject: { host, port: '1688' },
    since: millis(1_700_000_000_000),
    firing: true,
    summary: `${host} is not up: the connection is refused`,
    remedy: 'Start the service sppsvc on it.',
    value: undefined,
    limit: undefined,
    overSince: undefined,
    explainedBy: undefined,
    runbook: runbookPathOf(changes.name ?? 'KmsHostDown'),
    ...changes,
  };
}
