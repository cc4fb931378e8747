/**
 * Whose word an alert is. `agent`: each agent's own, so that it has its `instance`. `site`: that of any agent of a site.
 * An object: that of all agents of a site which know, for reachability; one that sees it well ends it.
 */
export type SiteScope = 'agent' | 'site' | { readonly unless: string; readonly on: readonly string[] };

/** The expression of one agent, as one for its site: two agents of a site are one alert. */
export function promqlOfSite(promql: string, scope: SiteScope = 'site'): string {
  if (scope === 'agent') return promql;
  const any = `max without (instance) (\n${promql.replace(/^/gm, '  ')}\n)`;
  if (scope === 'site') return any;
  return `${any}\nunless on (job, site, ${scope.on.join(', ')})\n(${scope.unless})`;
}
