import type { HostSnapshot } from '../estate/snapshot.ts';
import type { OpenCondition } from './condition.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** What rests on the report of a host, and what rests on the subscription to its log. */
const BY_REPORT = new Set(['KmsReportStale', 'KmsHostKeyMissing', 'KmsHostNotActivated', 'KmsDnsPublishingFailed']);
const BY_SUBSCRIPTION = new Set(['KmsActivationFeedStale', 'KmsHostIdle']);

/**
 * Whether an agent that has just started cannot say yet if a condition of the one before it still holds. The first
 * rounds do not wait for a host that sends its report by itself, nor for a subscription, which may take long to fail.
 * Not for ever: by `reports.stale_after` and by the timeouts of the subscription both are known.
 */
export function isNotYetKnown(
  { name, subject }: Pick<OpenCondition, 'name' | 'subject'>,
  { estate }: ConditionSnapshot,
): boolean {
  const host = estate.hosts.find((each) => each.host === subject['host']);
  if (host === undefined) return false;
  return (BY_REPORT.has(name) && isAwaited(host.report)) || (BY_SUBSCRIPTION.has(name) && isAwaited(host.subscription));
}

function isAwaited(snapshot: HostSnapshot['report'] | HostSnapshot['subscription']): boolean {
  return snapshot !== undefined && snapshot.up === undefined;
}
