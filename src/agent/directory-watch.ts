import { isDeepStrictEqual } from 'node:util';
import { redactSecrets } from '../config/redact.ts';
import type { Config } from '../config/schema.ts';
import { secretSource } from '../config/secrets.ts';
import { readDirectory } from '../directory/read-directory.ts';
import type { DirectoryConnection, DirectoryLogin, DirectoryReading } from '../directory/types.ts';
import type { Estate } from '../estate/estate.ts';
import { takeInventory } from '../ingest/take-inventory.ts';
import { BackOff, type BackOffLimits } from '../kernel/back-off.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Random } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { HOUR_MS, MINUTE_MS, type Millis, millis, type Seconds, wholeSeconds } from '../kernel/time.ts';
import type { Store } from '../store/store.ts';
import { lookupBy, type Resolve } from '../winrm/lookup.ts';
import { TlsContexts } from '../winrm/tls-contexts.ts';
import type { ChangeLog } from './change-log.ts';
import { exclusive, Loop, type LoopHistory, type LoopOptions } from './loop.ts';
import { scheduleOf } from './schedule.ts';

/** Between two attempts if the directory cannot be read, whatever its schedule says. */
const RETRIES: BackOffLimits = { first: millis(5 * MINUTE_MS), most: HOUR_MS };

/** As the source is called among the inventories. */
export const DIRECTORY = 'directory';

export type DirectorySettings = NonNullable<Config['inventory']['directory']>;

export interface DirectoryWatchOptions {
  readonly config: Config;
  readonly settings: DirectorySettings;
  readonly estate: Estate;
  readonly store: Pick<Store, 'takeInventoryPart' | 'saveForest'>;
  /** What an earlier run heard. */
  readonly domains: readonly HostName[];
  readonly resolve: Resolve;
  readonly changes: ChangeLog;
  readonly history: LoopHistory;
  /** Called if the domains of the forest are others than before. */
  readonly onDomains: () => void;
  readonly onRound: () => void;
  readonly clock: Clock;
  readonly wallClock: Pick<Clock, 'now'>;
  /** By which machines are seen, as records are dated. */
  readonly eventClock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Reads the directory as scheduled. Nothing else waits for it. */
export class DirectoryWatch {
  readonly #options: DirectoryWatchOptions;
  readonly #tls = new TlsContexts();
  readonly #loop: Loop;
  readonly #backOff: BackOff;
  readonly #round: LoopOptions['round'];
  readonly #abort = new AbortController();
  #retrying: NodeJS.Timeout | undefined;
  #domains: readonly HostName[];

  constructor(options: DirectoryWatchOptions) {
    this.#options = options;
    this.#domains = options.domains;
    const { settings, ...rest } = options;
    this.#backOff = new BackOff(RETRIES, options.random);
    this.#round = exclusive(async ({ signal }) => {
      await this.#read(signal);
      if (!signal.aborted) options.onRound();
    });
    this.#loop = new Loop({ name: DIRECTORY, schedule: settings.schedule, round: this.#round, ...rest });
  }

  /** The domains of the forest as it was last read, by this run or one before. */
  get domains(): readonly HostName[] {
    return this.#domains;
  }

  /** Milliseconds after which its round is overdue, by its name. */
  get limits(): ReadonlyMap<string, Millis> {
    return new Map([[DIRECTORY, scheduleOf(this.#options.settings.schedule).limit]]);
  }

  start(): void {
    void this.#loop.start();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#retrying);
    this.#abort.abort();
    await this.#loop.stop();
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { config, settings, estate, changes, resolve, clock, eventClock } = this.#options;
    const now = wholeSeconds(eventClock.now());
    const read = await readSettings(settings, { tls: this.#tls, lookup: lookupBy(resolve), signal, now });
    if (signal.aborted) return;
    if (!read.ok) {
      const text = await redactSecrets(read.error, config);
      changes.directoryFailed(settings.url, text);
      estate.recordDirectoryFailure(text);
      this.#retryLater();
      return;
    }
    this.#backOff.reset();
    changes.directoryRead(settings.url);
    const taken = await this.#takeMachines(read.value, now);
    if (taken.ok) estate.recordDirectory(read.value.activationObjects, clock.now());
    else estate.recordDirectoryFailure(taken.error);
    await this.#takeDomains(read.value.domains);
  }

  async #takeMachines({ machines }: DirectoryReading, now: Seconds): Promise<Result<unknown, string>> {
    const { store, logger } = this.#options;
    if (machines === undefined) return ok(undefined);
    const taken = await takeInventory(store, { source: DIRECTORY, readAt: now, machines: machines.machines });
    if (!taken.ok) return err(taken.error.text);
    const leftOut = Object.fromEntries(machines.leftOut.map(({ reason, count }) => [reason, count]));
    logger.info({ machines: machines.machines.length, leftOut, refused: machines.refused }, 'directory read');
    return taken;
  }

  #retryLater(): void {
    const { signal } = this.#abort;
    if (signal.aborted) return;
    clearTimeout(this.#retrying);
    const retry = (): void => void this.#round({ first: false, signal }).catch(this.#logs('round failed'));
    this.#retrying = setTimeout(retry, this.#backOff.next()).unref();
  }

  #logs(text: string): (error: unknown) => void {
    return (error) => this.#options.logger.error({ err: error }, text);
  }

  async #takeDomains(domains: readonly HostName[] | undefined): Promise<void> {
    if (domains === undefined || isDeepStrictEqual(domains, this.#domains)) return;
    this.#domains = domains;
    this.#options.logger.info({ domains }, 'the directory names other domains than before');
    await this.#options.store.saveForest(domains);
    this.#options.onDomains();
  }
}

/** Reads the directory of a configuration once. */
export function readSettings(
  settings: DirectorySettings,
  deps: Parameters<typeof readDirectory>[2],
  parts = { machines: settings.machines, domains: settings.domains, activationObjects: settings.activation_objects },
): Promise<Result<DirectoryReading, string>> {
  return readDirectory(connectionOf(settings), parts, deps);
}

function connectionOf(settings: DirectorySettings): DirectoryConnection {
  return { url: settings.url, caFile: settings.ca_file, login: loginOf(settings) };
}

function loginOf(settings: DirectorySettings): DirectoryLogin {
  switch (settings.auth) {
    case 'simple': {
      const password = secretSource(settings.password, settings.password_file);
      if (password === undefined) throw new Error('there is no password for this login');
      return { kind: 'simple', name: settings.bind_dn, password };
    }
    case 'certificate':
      return { kind: 'certificate', certFile: settings.cert_file, keyFile: settings.key_file };
    case 'anonymous':
      return { kind: 'anonymous' };
  }
}
