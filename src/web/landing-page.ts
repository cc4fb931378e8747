import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { OpenCondition } from '../conditions/condition.ts';
import type { DomainView, EndpointView } from '../estate/view.ts';
import { formatHostPort } from '../kernel/address.ts';
import { Html, html } from './html.ts';
import { PAGE } from './page-access.ts';
import type { WebSource } from './web-source.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; vertical-align: top }
nav a { margin-right: 1rem }
.critical, .down { color: #c22 } .warning { color: #b60 } .fine { color: #283 }
@media (prefers-color-scheme: dark) { .critical, .down { color: #f77 } .warning { color: #fb5 } .fine { color: #7d8 } }
`;

/** Nothing but this page's own style may load, by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export function landingRoute(app: FastifyInstance, source: WebSource): void {
  app.get('/', { config: PAGE }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('Content-Security-Policy', POLICY).send(landingPage(source).text),
  );
}

function landingPage(source: WebSource): Html {
  const { domains, endpoints } = source.estate();
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>kmswatch</title><style>${new Html(STYLE)}</style></head>
<body>
<h1>kmswatch</h1>
<p>Watches Microsoft KMS hosts and never sends them an activation request. Version ${source.version}.</p>
<nav><a href="/metrics">Metrics</a><a href="/sd/hosts">Service discovery</a><a href="/config">Configuration</a></nav>
<h2>What is wrong</h2>
${verdicts(source)}
<h2>KMS hosts</h2>
${hosts(endpoints)}
<h2>DNS</h2>
${lookups(domains)}
</body>
</html>
`;
}

function verdicts(source: WebSource): Html {
  if (!source.ready()) return html`<p>The first round is still running.</p>`;
  const all = source.conditions();
  if (all.length === 0) return html`<p class="fine">Nothing.</p>`;
  return html`<ul>${all.map(verdict)}</ul>`;
}

function verdict({ name, severity, summary, remedy }: OpenCondition): Html {
  return html`<li><strong class="${severity}">${name}</strong>: ${summary}.<br>${remedy}</li>`;
}

function hosts(endpoints: readonly EndpointView[]): Html {
  if (endpoints.length === 0) {
    return html`<p>None found. Set <code>discovery.domains</code> or <code>hosts</code> in the configuration.</p>`;
  }
  return html`<table><thead><tr><th>Host</th><th>Outcome</th><th>Detail</th></tr></thead><tbody>${endpoints.map(host)}</tbody></table>`;
}

function host({ host, port, probe, genuine }: EndpointView): Html {
  if (probe?.outcome === 'ok' && genuine === false)
    return hostRow(host, port, 'warning', 'ok', 'accepts any interface: not genuine');
  const kind = probe === undefined ? 'warning' : probe.outcome === 'ok' ? 'fine' : 'down';
  return hostRow(host, port, kind, probe?.outcome ?? 'not known', probe?.detail ?? '');
}

function hostRow(host: string, port: number, kind: string, outcome: string, detail: string): Html {
  return html`<tr><td>${formatHostPort(host, port, 1688)}</td><td class="${kind}">${outcome}</td><td>${detail}</td></tr>`;
}

function lookups(domains: readonly DomainView[]): Html {
  if (domains.length === 0) return html`<p>No domain is looked up.</p>`;
  const rows = domains.flatMap((domain) =>
    domain.lookups.map(({ server, last, answer }) => {
      const said =
        answer === undefined
          ? 'nothing yet'
          : answer.records.length === 1
            ? '1 SRV record'
            : `${answer.records.length} SRV records`;
      return html`<tr><td>_vlmcs._tcp.${domain.name}</td><td>${server}</td><td>${last?.failure?.detail ?? said}</td></tr>`;
    }),
  );
  return html`<table><thead><tr><th>Record</th><th>Name server</th><th>Says</th></tr></thead><tbody>${rows}</tbody></table>`;
}
