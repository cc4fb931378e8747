import { type AlertPattern, EXPLANATIONS, type Explanation } from '../causes.ts';
import { matchersOf } from './alert-matchers.ts';

/**
 * `alerts/grafana/inhibition-rules.ndjson`: the table of causes as resources of Grafana's API (`inhibitionrules` of
 * notifications.alerting.grafana.app), one a line. Grafana has no file provisioning for them.
 */
export function grafanaInhibition(): string {
  return EXPLANATIONS.map((explanation, index) => `${JSON.stringify(ruleOf(explanation, index))}\n`).join('');
}

function ruleOf({ cause, effects, equal }: Explanation, index: number) {
  return {
    apiVersion: 'notifications.alerting.grafana.app/v1beta1',
    kind: 'InhibitionRule',
    metadata: { name: `kmswatch-${String(index + 1).padStart(2, '0')}` },
    spec: {
      source_matchers: matchers(cause),
      target_matchers: matchers(effects, cause),
      equal: ['job', 'site', ...equal],
    },
  };
}

function matchers(pattern: AlertPattern, cause?: AlertPattern) {
  return matchersOf(pattern, cause).map((text) => {
    const [, label, type, value] = /^(\w+)(=~|!~|!=|=)"(.*)"$/.exec(text) ?? [];
    if (label === undefined) throw new Error(`${text} is no matcher`);
    return { type, label, value };
  });
}
