import type { AllowedTarget } from '../../config/probe-allow.ts';
import type { NameServer } from '../../discovery/types.ts';
import type { Endpoint } from '../../kernel/address.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { HostName } from '../../kernel/host-name.ts';
import type { Random } from '../../kernel/random.ts';
import type { Millis } from '../../kernel/time.ts';
import type { Resolve } from '../../probe/probe-host.ts';

/** What a live probe works with: the configuration of now, and what the polls look at. */
export interface LiveProbeContext {
  /** The names to resolve for a host and port that the polls look at; undefined for one that they do not. */
  watched(endpoint: Endpoint): readonly HostName[] | undefined;
  /** Whether the polls look a domain up. */
  isWatchedDomain(domain: HostName): boolean;
  readonly allow: readonly AllowedTarget[];
  readonly servers: readonly NameServer[];
  readonly resolve: Resolve;
  /** Milliseconds for a host, `probe.timeout`. */
  readonly timeout: Millis;
  /** Milliseconds for an attempt of a lookup, and how many. */
  readonly lookup: { readonly timeout: Millis; readonly attempts: number };
  readonly clock: Clock;
  readonly random: Random;
}
