import type { Config } from '../config/schema.ts';
import { FOREST } from '../config/sections/discovery.ts';
import { systemClock } from '../kernel/clock.ts';
import type { HostName } from '../kernel/host-name.ts';
import { ok, type Result } from '../kernel/result.ts';
import { wholeSeconds } from '../kernel/time.ts';

/** Asks the directory once for the domains of the forest, if the configuration has `forest` among its domains. */
export async function readForest(config: Config, signal: AbortSignal): Promise<Result<readonly HostName[], string>> {
  const { directory } = config.inventory;
  const isWanted = config.discovery.domains?.some(({ name }) => name === FOREST) ?? false;
  if (directory === undefined || !isWanted) return ok([]);
  const [{ readSettings }, { TlsContexts }] = await Promise.all([
    import('./directory-watch.ts'),
    import('../winrm/tls-contexts.ts'),
  ]);
  const parts = { machines: false, domains: true, activationObjects: false };
  const deps = { tls: new TlsContexts(), signal, now: wholeSeconds(systemClock.now()) };
  const read = await readSettings(directory, deps, parts);
  return read.ok ? ok(read.value.domains ?? []) : read;
}
