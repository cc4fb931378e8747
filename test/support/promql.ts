import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  readonly metric: string;
  /** Label names of its matchers. */
  readonly labels: readonly string[];
}

export interface ParsedQuery {
  /** Where the text is no PromQL; undefined when it is. */
  readonly mistakeAt: number | undefined;
  readonly selectors: readonly Selector[];
  /** Ranges in brackets. */
  readonly ranges: readonly string[];
}

/** Reads PromQL as Prometheus' own editor does. Grafana's variables must have been replaced. */
export function parsePromql(text: string): ParsedQuery {
  let mistakeAt: number | undefined;
  const selectors: { metric: string; labels: string[] }[] = [];
  parser.parse(text).iterate({
    enter: ({ type, name, from, to }) => {
      if (type.isError) mistakeAt ??= from;
      if (name === 'VectorSelector') selectors.push({ metric: '', labels: [] });
      const selector = selectors.at(-1);
      if (name === 'Identifier' && selector?.metric === '') selector.metric = text.slice(from, to);
      if (name === 'LabelName' && isMatcher(text, to)) selector?.labels.push(text.slice(from, to));
    },
  });
  return {
    mistakeAt,
    selectors,
    ranges: [...text.matchAll(/\[([^\]]+)\](?![^"]*"[^"]*$)/g)].map(([, range = '']) => range),
  };
}

/** A label name that an operator follows is a matcher; others are in `by (...)`. */
function isMatcher(text: string, end: number): boolean {
  return /^\s*(=~|!~|!=|=)/.test(text.slice(end));
}

/** A Grafana expression as PromQL: each variable with a value that parses in its place. */
export function withoutVariables(expression: string): string {
  return expression.replaceAll('$__rate_interval', '5m').replaceAll(/\$[a-z]+/g, '.+');
}
