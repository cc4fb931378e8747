import type { Config } from '../config/schema.ts';
import type { SystemResolver } from '../discovery/resolv-conf.ts';
import { nameServer } from '../discovery/servers.ts';
import type { EstateSettings, KnownHost, ReportWay } from '../estate/settings.ts';
import { millis } from '../kernel/time.ts';
import type { Schedules } from './schedule.ts';

/** The settings of the estate: the configuration, with the system's values for omitted keys. */
export function estateSettings(config: Config, system: SystemResolver, schedules: Schedules): EstateSettings {
  const domains = config.discovery.domains ?? system.search.map((name) => ({ name, expected_hosts: undefined }));
  const hosts = config.hosts.map(knownHost);
  return {
    domains: domains.map(({ name, expected_hosts }) => ({ name, expectedHosts: expected_hosts })),
    servers: config.discovery.servers?.map(({ host, port }) => nameServer(host, port)) ?? system.servers,
    hosts,
    names: hosts,
    search: [...new Set([...domains.map(({ name }) => name), ...system.search])],
    limits: {
      discovery: schedules.discovery.limit,
      probe: schedules.probe.limit,
      impostor: schedules.impostor.expression === '' ? millis(0) : schedules.impostor.limit,
      reports: config.reports.stale_after,
    },
  };
}

function knownHost({ name, aliases, port, report, activations }: Config['hosts'][number]): KnownHost {
  return { name, aliases, port, report: report && wayOf(report), isSubscribed: activations !== undefined };
}

function wayOf({ push, command }: NonNullable<Config['hosts'][number]['report']>): ReportWay {
  if (push !== undefined) return 'push';
  return command === undefined ? 'winrm' : 'command';
}
