import { AGENT } from './agent.ts';
import { DISCOVERY } from './discovery.ts';
import { ESTATE } from './estate.ts';
import { build, type Frame } from './frame.ts';
import { HOSTS } from './host.ts';
import { LEASES } from './leases.ts';

/** Every dashboard, in the order in which a person meets them. */
export const FRAMES: readonly Frame[] = [ESTATE, HOSTS, LEASES, DISCOVERY, AGENT];

/** The files of `dashboards/`, by name. */
export function dashboardFiles(): Readonly<Record<string, () => string>> {
  return Object.fromEntries(
    FRAMES.map((frame) => [
      `dashboards/kmswatch-${frame.name}.json`,
      () => `${JSON.stringify(build(frame), null, 2)}\n`,
    ]),
  );
}
