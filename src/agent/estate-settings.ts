import type { Config } from '../config/schema.ts';
import { type Domain, FOREST } from '../config/sections/discovery.ts';
import type { SystemResolver } from '../discovery/resolv-conf.ts';
import { nameServer } from '../discovery/servers.ts';
import type { EstateSettings, KnownHost, ReportWay } from '../estate/settings.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Logger } from '../kernel/logger.ts';
import { millis } from '../kernel/time.ts';
import { type Schedules, scheduleOf } from './schedule.ts';

/** Before the first configuration. */
export const NOTHING: EstateSettings = {
  domains: [],
  servers: [],
  hosts: [],
  names: [],
  search: [],
  limits: { discovery: millis(0), probe: millis(0), impostor: millis(0), reports: millis(0) },
};

/**
 * The settings of the estate: the configuration, with the system's values for omitted keys.
 * @param forest domains that the directory names
 */
export function estateSettings(
  config: Config,
  system: SystemResolver,
  schedules: Schedules,
  forest: readonly HostName[] = [],
): EstateSettings {
  const domains = domainsOf(config, forest) ?? system.search.map((name) => ({ name, expected_hosts: undefined }));
  const { directory } = config.inventory;
  const hosts = config.hosts.map(knownHost);
  return {
    domains: domains.map(({ name, expected_hosts }) => ({ name, expectedHosts: expected_hosts })),
    servers: config.discovery.servers?.map(({ host, port }) => nameServer(host, port)) ?? system.servers,
    lastResort: system.servers,
    hosts,
    names: hosts,
    isProbing: config.probe.enabled,
    search: [...new Set([...domains.map(({ name }) => name), ...system.search])],
    directory: directory && {
      limit: scheduleOf(directory.schedule).limit,
      expectedObjects: directory.expected_objects,
    },
    limits: {
      discovery: schedules.discovery.limit,
      probe: schedules.probe.limit,
      impostor: schedules.impostor.expression === '' ? millis(0) : schedules.impostor.limit,
      reports: config.reports.stale_after,
    },
  };
}

/** In place of `forest` the domains that the directory names, but for those that the configuration has itself. */
function domainsOf({ discovery }: Config, forest: readonly HostName[]): readonly Domain[] | undefined {
  const own = new Set(discovery.domains?.map(({ name }) => name));
  const others = forest.filter((name) => !own.has(name)).map((name): Domain => ({ name }));
  return discovery.domains?.flatMap((domain) => (domain.name === FOREST ? others : [domain]));
}

function knownHost({ name, aliases, port, probe, report, activations }: Config['hosts'][number]): KnownHost {
  return {
    name,
    aliases,
    port,
    isProbed: probe ? undefined : false,
    report: report && wayOf(report),
    isSubscribed: activations !== undefined,
  };
}

function wayOf({ push, command }: NonNullable<Config['hosts'][number]['report']>): ReportWay {
  if (push !== undefined) return 'push';
  return command === undefined ? 'winrm' : 'command';
}

/** Says what is missing in a configuration. */
export function warnOfGaps({ domains, servers, hosts }: EstateSettings, hasDirectory: boolean, logger: Logger): void {
  if (domains.length > 0 && servers.length === 0) {
    logger.warn({}, 'there is no name server to query: set discovery.servers');
  }
  if (domains.length === 0 && hosts.length === 0 && !hasDirectory) {
    logger.warn({}, 'there is nothing to watch: set discovery.domains or hosts');
  }
}
