import type { Config } from '../config/schema.ts';
import { Estate } from '../estate/estate.ts';
import type { EstateSettings } from '../estate/settings.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import { ok } from '../kernel/result.ts';
import { millis } from '../kernel/time.ts';
import type { Resolve } from '../winrm/lookup.ts';
import { createRounds } from './rounds.ts';
import type { Schedules } from './schedule.ts';
import { WinrmAccess } from './winrm-access.ts';

/**
 * Looks once at everything, without a memory: every domain at every server, every host, what those that can be asked say
 * of themselves, and a second look at those up.
 */
export async function oneLook(
  config: Config,
  settings: EstateSettings,
  schedules: Schedules,
  { clock, random, signal }: { clock: Clock; random: Random; signal: AbortSignal },
): Promise<EstateSnapshot> {
  const estate = new Estate(settings);
  const rounds = createRounds({ config, settings, schedules, estate, remember: async () => {}, clock, random });
  try {
    await Promise.all([
      rounds.discover(signal),
      rounds.probe.probeAll({ first: true, signal }),
      askHosts(config, settings, estate, { resolve: rounds.resolve, clock, random, signal }),
    ]);
    await rounds.probe.probeNew(signal);
    await rounds.probe.checkAll({ first: true, signal });
    return estate.snapshot(clock.now());
  } finally {
    rounds.close();
  }
}

/** Asks the hosts that are looked at and do not send their reports. */
async function askHosts(
  config: Config,
  settings: EstateSettings,
  estate: Estate,
  { resolve, clock, random, signal }: { resolve: Resolve; clock: Clock; random: Random; signal: AbortSignal },
): Promise<void> {
  const looked = new Set(settings.hosts.map(({ name }) => name));
  const hosts = config.hosts.filter(({ name, report }) => looked.has(name) && report !== undefined && !report.push);
  if (hosts.length === 0) return;
  const { ReportPoll } = await import('./report-poll.ts');
  const winrm = new WinrmAccess({ clock, random }, resolve);
  const poll = new ReportPoll({
    config: { ...config, hosts },
    winrm,
    onReport: async (host, report) => {
      const at = clock.now();
      estate.recordReport({ host, report, at, asOf: millis(Math.min(at, report.time)) });
      return ok(undefined);
    },
    onFailure: (host, text) => estate.recordReportFailure(host, text, clock.now()),
    spread: 0,
    clock,
    eventClock: clock,
    random,
  });
  try {
    await poll.askAll({ first: true, signal });
  } finally {
    winrm.close();
  }
}
