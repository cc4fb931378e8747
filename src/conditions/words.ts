import type { Finding } from './condition.ts';

/** The classes of products as administrators call them. */
const CLASS_WORDS: Readonly<Record<string, string>> = {
  client: 'Windows clients',
  server: 'Windows Server',
  office: 'Office',
  unknown: 'unknown products',
};

export function classWords(cls: string): string {
  return CLASS_WORDS[cls] ?? cls;
}

/** The same in an alert's template. */
export const CLASS_TEMPLATE =
  '{{ if eq $labels.class "client" }}Windows clients{{ else if eq $labels.class "server" }}Windows Server{{ else if eq $labels.class "office" }}Office{{ else }}unknown products{{ end }}';

/** What the pools of a host are of; `none` is that of products that kmswatch does not know. */
export const POOL_WORDS = { windows: 'Windows', office: 'Office', none: 'unknown products' } as const;

/** The same in an alert's template. */
export const POOL_TEMPLATE =
  '{{ if eq $labels.pool "office" }}Office{{ else if eq $labels.pool "windows" }}Windows{{ else }}unknown products{{ end }}';

/** The summary of a finding that names machines, and the same for those who may not see their names. */
export function naming(fault: string, machines: string): Pick<Finding, 'summary' | 'summaryWithoutNames'> {
  return { summary: `${fault}: ${machines}`, summaryWithoutNames: fault };
}

/** `12.5 %`. @param share from 0 to 1 */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** The pool in which a host counts a class; `none` for products that kmswatch does not know. */
export function poolOf(cls: string): string {
  if (cls === 'office') return 'office';
  return cls === 'client' || cls === 'server' ? 'windows' : 'none';
}

/** The same of an expression with the label `class`. */
export function withPool(promql: string): string {
  const classes = { windows: 'client|server', office: 'office', none: 'unknown' };
  return Object.entries(classes).reduce(
    (inner, [pool, cls]) => `label_replace(${inner}, "pool", "${pool}", "class", "${cls}")`,
    promql,
  );
}
