import type { Config } from '../config/schema.ts';
import type { SystemResolver } from '../discovery/resolv-conf.ts';
import type { Result } from '../kernel/result.ts';
import type { AgentDeps } from './agent-deps.ts';

/** What a service is started with. */
export interface ServiceOptions {
  readonly config: Config;
  /** Reads the configuration again; what is wrong with it, for people, otherwise. */
  readonly load: () => Promise<Result<Config, string>>;
  /** Called when a configuration has been taken at a reload. */
  readonly onConfig: (config: Config) => void;
  /** Name servers and search list of the system, read again at every reload. */
  readonly system: () => Promise<SystemResolver>;
  /** The configuration as YAML, secrets hidden. */
  readonly print: (config: Config) => string;
  readonly version: string;
  /** By which the catalogue's times are divided: nobody waits an hour for a test. */
  readonly hurry?: number;
  readonly deps: AgentDeps;
}
