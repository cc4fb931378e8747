import { runbookPathOf } from '../catalogue.ts';
import type { Condition } from '../condition.ts';
import { descriptionOf } from '../templates.ts';

/**
 * The annotations of an alert rule. `runbook_url` leads to the agent that the alert is about, by the address at which it
 * is scraped. An alert that only Prometheus can raise has no agent that answers, so its description is the whole runbook.
 */
export function annotationsOf(condition: Condition) {
  const { name, summary, evaluate, runbook } = condition;
  const description = descriptionOf(condition);
  const short = `${summary}.`;
  if (evaluate !== undefined) {
    return { summary: short, description, runbook_url: `http://{{ $labels.instance }}/${runbookPathOf(name)}` };
  }
  const { diagnosis, mitigation } = runbook;
  return {
    summary: short,
    description: [description, 'Diagnosis:', ...diagnosis, 'Mitigation:', ...mitigation].join(' '),
  };
}
