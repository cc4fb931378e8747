import { DOCUMENTATION } from '../conditions/documentation.ts';
import type { Alert } from './alert.ts';

/** Where whoever reads a notification is led. */
export interface Links {
  /** The agent's own pages, with a slash at the end. */
  readonly pages: string;
  /** Whether there are any (`web.pages.enabled`). */
  readonly hasPages: boolean;
}

/**
 * The whole address of an alert's runbook: a chat and Teams take no other. The agent's own page where it has pages, as
 * it is of the agent's version and needs no internet.
 */
export function runbookUrl({ labels, runbook }: Alert, { pages, hasPages }: Links): string {
  if (URL.canParse(runbook)) return runbook;
  const name = labels['alertname'] ?? '';
  return hasPages ? `${pages}runbooks/${encodeURIComponent(name)}` : `${DOCUMENTATION}${runbook}`;
}
