/** Where somebody who reads a notification is led. */
export interface Links {
  /** The agent's own pages, with a slash at the end. */
  readonly pages: string;
}

/**
 * The whole address of a runbook; a chat and Teams take no other. It is the agent's own page, as that is of the agent's
 * version and needs no internet.
 * @param runbook its path below the agent's address
 */
export function runbookUrl({ runbook }: { readonly runbook: string }, links: Links): string {
  return `${links.pages}${runbook}`;
}
