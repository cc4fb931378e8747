import pLimit from 'p-limit';
import type { LookupOptions } from '../discovery/exchange.ts';
import { lookupSrv } from '../discovery/lookup-srv.ts';
import type { SrvLookup } from '../discovery/types.ts';
import type { EstateSettings } from '../estate/settings.ts';

/** Lookups under way at once. */
const CONCURRENCY = 64;

/** Asks every name server for every domain; each lookup is handed on as it ends. */
export async function pollDiscovery(
  { domains, servers }: EstateSettings,
  options: LookupOptions,
  onLookup: (lookup: SrvLookup) => void,
): Promise<void> {
  const pairs = domains.flatMap((domain) => servers.map((server) => ({ domain: domain.name, server })));
  await pLimit(CONCURRENCY).map(pairs, async ({ domain, server }) => {
    const lookup = await lookupSrv(domain, server, options);
    // A lookup that was cut short by the end of the agent says nothing of the server.
    if (!options.signal.aborted) onLookup(lookup);
  });
}
