import type { FastifyInstance } from 'fastify';
import { hostsReading } from '../../../estate/log-reading.ts';
import { seconds } from '../../../kernel/time.ts';
import type { LeaseJson } from '../../../leases/lease-json.ts';
import type { StoreAccess } from '../../../store/store-types.ts';
import { PAGE } from '../../page-access.ts';
import type { WebBackend } from '../../web-backend.ts';
import { sendPage } from '../send-page.ts';
import { type CloneGroup, clonesMain } from './clones-page.ts';

/** Leases that are looked at; with more, the rest is in the CSV. */
const LEASES = 1000;

export function cloneRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.get('/clones', { config: PAGE }, async (_request, reply) => {
    const found = await backend.store().leases({ duplicate: true, sort: 'client', limit: LEASES });
    const logs = backend.logs();
    const main = clonesMain({
      groups: found.ok ? await groupsOf(backend.store(), found.value.leases) : found.error.text,
      hasMore: found.ok && found.value.next_cursor !== null,
      reading: hostsReading(logs),
      now: seconds(Math.floor(logs.now)),
    });
    if (!found.ok) reply.code(503).header('Retry-After', 5);
    return sendPage(reply, { title: 'Clones', at: 'clones', main, version: backend.version });
  });
}

/** By client id, those with most machines first. */
async function groupsOf(store: StoreAccess, leases: readonly LeaseJson[]): Promise<readonly CloneGroup[]> {
  const byId = Map.groupBy(leases, ({ client_id }) => client_id);
  const groups = await Promise.all(
    [...byId].map(async ([clientId, own]) => {
      const machines = [...new Set(own.map(({ client }) => client))].sort();
      return { clientId, machines, since: await sinceOf(store, clientId, machines[0]) };
    }),
  );
  return groups.sort((a, b) => b.machines.length - a.machines.length);
}

async function sinceOf(store: StoreAccess, clientId: string, machine = ''): Promise<CloneGroup['since']> {
  const story = await store.explain(machine);
  if (!story.ok || story.value.kind !== 'seen') return undefined;
  return story.value.duplicates.find((one) => one.clientId === clientId)?.since;
}
