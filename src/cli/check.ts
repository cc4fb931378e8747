import { InvalidArgumentError, Option } from 'commander';
import { estateSettings } from '../agent/estate-settings.ts';
import { logsSnapshot } from '../agent/logs-snapshot.ts';
import { oneLook } from '../agent/one-look.ts';
import { readForest } from '../agent/read-forest.ts';
import { schedulesOf } from '../agent/schedule.ts';
import { findingsIn } from '../conditions/catalogue.ts';
import { systemResolver } from '../discovery/resolv-conf.ts';
import { nameServer } from '../discovery/servers.ts';
import type { NameServer } from '../discovery/types.ts';
import type { EstateSettings, KnownHost } from '../estate/settings.ts';
import { parseHostPort } from '../kernel/address.ts';
import { systemClock } from '../kernel/clock.ts';
import { type HostName, parseHostName } from '../kernel/host-name.ts';
import { systemRandom } from '../kernel/random.ts';
import { ok } from '../kernel/result.ts';
import type { AddCommand } from './add-command.ts';
import { FORMATS, type Format, formatReport } from './check-formats.ts';
import { formatUnchecked } from './check-nagios.ts';
import { statusOf } from './check-status.ts';
import { STATUS } from './exit-codes.ts';
import { loadConfiguration } from './load-config.ts';
import type { Terminal } from './terminal.ts';

interface Options {
  readonly config?: string;
  readonly domain?: readonly HostName[];
  readonly host?: readonly { host: HostName; port: number | undefined }[];
  readonly server?: readonly NameServer[];
  readonly format: Format;
}

export const checkCommand: AddCommand = (program, terminal, done) => {
  program
    .command('check')
    .description('check the KMS hosts once: find them through DNS, probe them, and show problems and remedies')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .option('--domain <domain>', 'check this domain, and only what you give on the command line; repeatable', addDomain)
    .option('--host <host[:port]>', 'check this host, and only what you give on the command line; repeatable', addHost)
    .option('--server <address[:port]>', 'ask this name server; repeatable', addServer)
    .addOption(new Option('--format <format>', 'output format').choices(FORMATS).default('table'))
    .action(async (options: Options) => done(await check(options, terminal)));
};

async function check(options: Options, terminal: Terminal): Promise<number> {
  const loaded = await loadConfiguration(options.config);
  if (!loaded.ok) {
    if (options.format === 'nagios') terminal.out(formatUnchecked(loaded.error));
    else terminal.error(`${loaded.error}\n`);
    return STATUS.UNKNOWN;
  }
  const { config } = loaded.value;
  const schedules = schedulesOf(config);
  const { signal } = new AbortController();
  const system = await systemResolver();
  const forest = options.domain === undefined && options.host === undefined ? await readForest(config, signal) : ok([]);
  if (!forest.ok) terminal.error(`the directory cannot be read: ${forest.error}\n`);
  const settings = narrow(estateSettings(config, system, schedules, forest.ok ? forest.value : []), options);
  const estate = await oneLook(config, settings, schedules, { clock: systemClock, random: systemRandom, signal });
  const logs = logsSnapshot(config, undefined, systemClock, estate);
  const findings = findingsIn({ estate, logs, agent: undefined, risen: new Set() });
  const status = statusOf(estate, findings);
  terminal.out(formatReport(options.format, { estate, findings, status }, terminal.color));
  return STATUS[status.status];
}

/** What is named on the command line takes the place of what is configured. */
function narrow(settings: EstateSettings, { domain, host, server }: Options): EstateSettings {
  const servers = server ?? settings.servers;
  if (domain === undefined && host === undefined) return { ...settings, servers };
  const configured = new Map(settings.domains.map((each) => [each.name, each]));
  return {
    ...settings,
    servers,
    domains: (domain ?? []).map((name) => configured.get(name) ?? { name, expectedHosts: undefined }),
    hosts: (host ?? []).map((each) => named(each, settings.names)),
  };
}

/** A host that the configuration knows, by any of its names, keeps its port and its other names. It is always probed. */
function named({ host, port }: { host: HostName; port: number | undefined }, known: readonly KnownHost[]): KnownHost {
  const configured = known.find(({ name, aliases }) => name === host || aliases.includes(host));
  return configured === undefined
    ? { name: host, aliases: [], port, isProbed: true }
    : { ...configured, port: port ?? configured.port, isProbed: true };
}

function addDomain(text: string, before: readonly HostName[] | undefined): readonly HostName[] {
  const name = parseHostName(text);
  if (!name.ok) throw new InvalidArgumentError(name.error);
  return [...(before ?? []), name.value];
}

function addHost(text: string, before: Options['host']): NonNullable<Options['host']> {
  const host = parseHostPort(text);
  if (!host.ok) throw new InvalidArgumentError(host.error);
  return [...(before ?? []), host.value];
}

function addServer(text: string, before: readonly NameServer[] | undefined): readonly NameServer[] {
  const server = parseHostPort(text);
  if (!server.ok) throw new InvalidArgumentError(server.error);
  return [...(before ?? []), nameServer(server.value.host, server.value.port)];
}
