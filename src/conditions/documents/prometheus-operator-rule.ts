import { parse, stringify } from 'yaml';
import { prometheusRules } from './prometheus-rules.ts';

const HEAD = '# The rules of alerts/kmswatch.rules.yml for prometheus-operator, made by `npm run docs`; do not edit.\n';

/** `config/kubernetes/prometheus-operator/prometheusrule.yaml`. */
export function prometheusOperatorRule(): string {
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'kmswatch', labels: { 'app.kubernetes.io/name': 'kmswatch' } },
    spec: parse(prometheusRules()),
  };
  return HEAD + stringify(rule, { lineWidth: 0 });
}
