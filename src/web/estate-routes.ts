import type { FastifyInstance } from 'fastify';
import type {
  DomainSnapshot,
  EndpointSnapshot,
  EstateSnapshot,
  HostSnapshot,
  LookupSnapshot,
  ReportSnapshot,
} from '../estate/snapshot.ts';
import type { DomainJson, HostJson } from './api/estate-schemas.ts';
import { jsonAnswer, type RouteDoc } from './api/route-doc.ts';
import { readingJson } from './reading-json.ts';
import type { WebBackend } from './web-backend.ts';

const HOSTS: RouteDoc = {
  summary: 'The KMS hosts and their state',
  answers: { 200: jsonAnswer('All hosts; values that are unknown or too old are null', 'hosts') },
};

const DISCOVERY: RouteDoc = {
  summary: 'The DNS answers for each domain, by name server',
  answers: { 200: jsonAnswer('All domains', 'discovery') },
};

/** The estate as JSON, from the same snapshot as metrics and pages. */
export function estateRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.get('/api/v1/hosts', { config: { doc: HOSTS } }, async (_request, reply) => {
    const estate = backend.estate();
    const hosts = estate.hosts.map((host) => hostJson(host, estate));
    return reply.send({
      hosts,
      count: estate.hostCount ?? null,
      up: estate.hostsUp ?? null,
      unknown: estate.hostsUnknown ?? null,
      reading: readingJson(backend),
    });
  });
  app.get('/api/v1/discovery', { config: { doc: DISCOVERY } }, async (_request, reply) =>
    reply.send({ domains: backend.estate().domains.map(domainJson) }),
  );
}

function hostJson(snapshot: HostSnapshot, { endpoints }: EstateSnapshot): HostJson {
  const { host, published, expected, report, subscription } = snapshot;
  const own = endpoints.filter((endpoint) => endpoint.host === host);
  const states = own.map(({ up }) => up);
  return {
    host,
    published: published ?? null,
    expected,
    up: states.includes(true) ? true : states.includes(undefined) || states.length === 0 ? null : false,
    endpoints: own.map(endpointJson),
    report: report === undefined ? null : reportJson(report),
    log:
      subscription === undefined
        ? null
        : {
            up: subscription.up ?? null,
            failure: subscription.failure ?? null,
            last_answer: time(subscription.lastAnswer),
          },
  };
}

function endpointJson({ port, up, probe, genuine, lastProbe, total, failures }: EndpointSnapshot) {
  return {
    port,
    up: up ?? null,
    outcome: probe?.outcome ?? null,
    detail: probe?.detail ?? null,
    genuine: genuine ?? null,
    addresses: (probe?.addresses ?? []).map(({ address, outcome, detail, connect, bind }) => ({
      address,
      outcome,
      detail,
      connect_seconds: connect ?? null,
      bind_seconds: bind ?? null,
    })),
    resolve_seconds: probe?.phases.resolve ?? null,
    connect_seconds: probe?.phases.connect ?? null,
    bind_seconds: probe?.phases.bind ?? null,
    last_probe: time(lastProbe),
    probes: total,
    failures: Object.fromEntries(failures),
  };
}

function reportJson({ up, failure, fresh, last }: ReportSnapshot) {
  return {
    up: up ?? null,
    failure: failure ?? null,
    last_report: time(last?.time),
    version: fresh?.version ?? null,
    os: fresh?.os ?? null,
    keys: (fresh?.keys ?? []).map((key) => ({
      activation_id: key.activationId,
      product: key.product,
      pool: key.pool ?? null,
      license_status: key.licenseStatus ?? null,
      clients: key.clients ?? null,
      required_clients: key.requiredClients ?? null,
    })),
  };
}

function domainJson(domain: DomainSnapshot): DomainJson {
  return {
    domain: domain.name,
    known: domain.known,
    expected_hosts: domain.expectedHosts === undefined ? null : [...domain.expectedHosts],
    hosts: [...domain.hosts],
    host_count: domain.hostCount ?? null,
    hosts_up: domain.hostsUp ?? null,
    hosts_unknown: domain.hostsUnknown ?? null,
    records: domain.records.map(({ host, target, port, priority, weight, servers }) => ({
      host,
      target,
      port,
      priority,
      weight,
      servers: [...servers],
    })),
    unexpected: domain.unexpected.map(({ host, port }) => ({ host, port })),
    missing: [...domain.missing],
    servers_disagree: domain.disagree ?? null,
    lookups: domain.lookups.map(lookupJson),
  };
}

function lookupJson({ server, total, failures, last, answer }: LookupSnapshot) {
  return {
    server,
    success: last === undefined ? null : last.failure === undefined,
    failure: last?.failure === undefined ? null : { reason: last.failure.reason, detail: last.failure.detail },
    last_lookup: time(last?.at),
    duration_seconds: last?.duration ?? null,
    status: answer?.status ?? null,
    records: answer?.records.length ?? null,
    flaws: (answer?.flaws ?? []).map(({ text }) => text),
    lookups: total,
    failures: { ...failures },
  };
}

function time(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}
