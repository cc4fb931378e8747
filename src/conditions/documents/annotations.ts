import { runbookPathOf } from '../catalogue.ts';
import type { Condition } from '../condition.ts';
import { descriptionOf } from '../templates.ts';

/** The agent as it is called in config/compose.yml. Templates of Grafana cannot ask, so it is to be changed in the file. */
export const AGENT_OF_GRAFANA = 'http://kmswatch:11688/';

/** For Prometheus, whose templates can ask: web.external_url of an agent of the site, else the address at which one is scraped. */
export const REACHABLE_AGENT =
  '{{ with printf "kmswatch_external_url_info{job=%q,site=%q}" $labels.job $labels.site | query }}{{ . | first | label "url" }}' +
  '{{ else }}{{ with printf "up{job=%q,site=%q} == 1" $labels.job $labels.site | query }}http://{{ . | first | label "instance" }}/{{ end }}{{ end }}';

/**
 * The annotations of an alert rule. `runbook_url` leads to the agent that the alert is about. An alert that only Prometheus can raise has no agent that answers, so its description is the whole runbook.
 * @param agent a template of its address
 * @param canAsk whether templates can ask for other series, as those of Prometheus can
 */
export function annotationsOf(condition: Condition, agent: string, canAsk: boolean) {
  const { name, summary, meaning, evidence = '', remedy, evaluate, runbook } = condition;
  const description = descriptionOf({ meaning: `${meaning}${canAsk ? evidence : ''}`, remedy });
  const short = `${summary}.`;
  if (evaluate !== undefined) {
    return { summary: short, description, runbook_url: `${agent}${runbookPathOf(name)}` };
  }
  const { diagnosis, mitigation } = runbook;
  return {
    summary: short,
    description: [description, 'Diagnosis:', ...diagnosis, 'Mitigation:', ...mitigation].join(' '),
  };
}
