import type { OpenCondition } from '../conditions/condition.ts';
import { DOCUMENTATION } from '../conditions/documentation.ts';
import type { Alert } from './alert.ts';

/** Where whoever reads a notification is led. */
export interface Links {
  /** The agent's own pages, with a slash at the end. */
  readonly pages: string;
  /** Whether there are any (`web.pages.enabled`). */
  readonly hasPages: boolean;
}

/** The whole address of an alert's runbook: a chat and Teams take no other. */
export function runbookUrl({ labels, runbook }: Alert, links: Links): string {
  return URL.canParse(runbook) ? runbook : conditionRunbookUrl({ name: labels['alertname'] ?? '', runbook }, links);
}

/**
 * The whole address of a condition's runbook. The agent's own page where it has pages, as it is of the agent's version
 * and needs no internet.
 */
export function conditionRunbookUrl({ name, runbook }: Pick<OpenCondition, 'name' | 'runbook'>, links: Links): string {
  return links.hasPages ? `${links.pages}runbooks/${encodeURIComponent(name)}` : `${DOCUMENTATION}${runbook}`;
}
