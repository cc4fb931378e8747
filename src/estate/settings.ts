import type { Canonicalise } from '../discovery/drift.ts';
import type { NameServer } from '../discovery/types.ts';
import type { HostName } from '../kernel/host-name.ts';
import { DAY_MS, type Millis } from '../kernel/time.ts';

/** Hosts that were found only in DNS are looked after for this long after they were last published. */
export const LOOK_AFTER_MS = DAY_MS;

export const DEFAULT_PORT = 1688;

/** What the estate has to know of the configuration. */
export interface EstateSettings {
  readonly domains: readonly WatchedDomain[];
  readonly servers: readonly NameServer[];
  /** The system's own: asked for the address of a host when the others give none. */
  readonly lastResort?: readonly NameServer[];
  /** Hosts that are watched whether DNS publishes them or not. */
  readonly hosts: readonly KnownHost[];
  /** All hosts whose other names are known, watched or not. */
  readonly names: readonly KnownHost[];
  /** False: no host is probed but those that ask for it (`KnownHost.isProbed`). */
  readonly isProbing?: boolean;
  /** Where names without a dot are looked for. */
  readonly search: readonly HostName[];
  /** Undefined: no directory is read. */
  readonly directory?: DirectorySettings | undefined;
  /** Milliseconds after which a value of a poll is no longer believed: three times its schedule. */
  readonly limits: {
    readonly discovery: Millis;
    readonly probe: Millis;
    /** 0 when the check is off. */
    readonly impostor: Millis;
    /** `reports.stale_after`. */
    readonly reports: Millis;
  };
}

export interface DirectorySettings {
  /** Milliseconds after which what it said is no longer believed. */
  readonly limit: Millis;
  /** Names of activation objects; undefined: each is welcome. */
  readonly expectedObjects: readonly string[] | undefined;
}

export interface WatchedDomain {
  readonly name: HostName;
  /** Undefined: whatever is published is welcome. */
  readonly expectedHosts: readonly HostName[] | undefined;
}

export interface KnownHost {
  readonly name: HostName;
  readonly aliases: readonly HostName[];
  /** Undefined: the port that DNS publishes, else 1688. */
  readonly port: number | undefined;
  /** Whether its port is looked at; undefined: as `EstateSettings.isProbing` says. */
  readonly isProbed?: boolean | undefined;
  /** How it is asked about itself. */
  readonly report?: ReportWay | undefined;
  /** Whether a subscription reads its log. */
  readonly isSubscribed?: boolean;
}

export type ReportWay = 'push' | 'command' | 'winrm';

/** Gives the one name of a host that has several, and every other name as it is. */
export function canonicaliser(hosts: readonly Pick<KnownHost, 'name' | 'aliases'>[]): Canonicalise {
  const names = new Map(hosts.flatMap((host) => host.aliases.map((alias) => [alias, host.name] as const)));
  return (name) => names.get(name) ?? name;
}
