import type { Config } from '../config/schema.ts';
import { Estate } from '../estate/estate.ts';
import type { EstateSettings } from '../estate/settings.ts';
import type { EstateView } from '../estate/view.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import { createRounds } from './rounds.ts';
import type { Schedules } from './schedule.ts';

/** Looks once at everything, without a memory: every domain at every server, every host, and a second look at those up. */
export async function oneLook(
  config: Config,
  settings: EstateSettings,
  schedules: Schedules,
  { clock, random, signal }: { clock: Clock; random: Random; signal: AbortSignal },
): Promise<EstateView> {
  const estate = new Estate(settings);
  const rounds = createRounds({ config, settings, schedules, estate, remember: async () => {}, clock, random });
  try {
    await Promise.all([rounds.discover(signal), rounds.probe.probeAll({ first: true, signal })]);
    await rounds.probe.probeNew(signal);
    await rounds.probe.checkAll({ first: true, signal });
    return estate.view(clock.now());
  } finally {
    rounds.close();
  }
}
