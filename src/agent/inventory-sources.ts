import type { Config } from '../config/schema.ts';
import type { InventorySource } from '../estate/logs-snapshot.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import type { Logger } from '../kernel/logger.ts';
import { inSeconds, type Seconds } from '../kernel/time.ts';
import type { MachineCounts, SourceCount } from '../store/machines/machine-types.ts';
import type { StoreAccess } from '../store/store-types.ts';
import { InventoryFiles } from './inventory-files.ts';

/** Source of `POST /api/v1/machines`. */
const HTTP = 'http';
/** As `DirectoryWatch` calls it, which is loaded where there is one. */
const DIRECTORY = 'directory';

/** The sources that the configuration names, and those that only came once. */
export class InventorySources {
  readonly #files: InventoryFiles;
  readonly #now: () => Seconds;
  readonly #startedAt: Seconds;
  #config: Config['inventory'] | undefined;

  constructor(store: StoreAccess, logger: Logger, now: () => Seconds) {
    this.#now = now;
    this.#startedAt = now();
    this.#files = new InventoryFiles(store, logger, now);
  }

  follow(config: Config): void {
    this.#config = config.inventory;
    this.#files.follow(config);
  }

  stop(): void {
    this.#files.stop();
  }

  /** The state of each source. @param counts as they were counted last */
  states(counts: MachineCounts | undefined, estate: EstateSnapshot): readonly InventorySource[] {
    const known = new Map((counts?.sources ?? []).map((source) => [source.source, source]));
    const configured = this.#configured(estate);
    const names = new Set([...known.keys(), ...configured.keys()]);
    return [...names].sort().map((source) => this.#stateOf(source, known.get(source), configured));
  }

  #stateOf(
    source: string,
    known: SourceCount | undefined,
    configured: ReadonlyMap<string, boolean | undefined>,
  ): InventorySource {
    const staleAfter = inSeconds(this.#config?.stale_after ?? this.#never);
    const isStale = this.#now() - Math.max(known?.readAt ?? this.#startedAt, 0) > staleAfter;
    const isConfigured = configured.has(source);
    const isUp = configured.get(source) ?? (known !== undefined && !isStale);
    return {
      source,
      isConfigured,
      isUp: isUp && known !== undefined,
      isStale: isConfigured && isStale,
      readAt: known?.readAt,
      machines: known?.machines,
    };
  }

  readonly #never = Number.POSITIVE_INFINITY as Config['inventory']['stale_after'];

  /** The configured sources, and whether they could be read where that is asked. */
  #configured({ directory }: EstateSnapshot): ReadonlyMap<string, boolean | undefined> {
    const hasHttp = this.#config?.token !== undefined || this.#config?.token_file !== undefined;
    const hasMachines = this.#config?.directory?.machines === true;
    return new Map<string, boolean | undefined>([
      ...this.#files.states,
      ...(hasHttp ? [[HTTP, undefined] as const] : []),
      ...(hasMachines ? [[DIRECTORY, directory?.up] as const] : []),
    ]);
  }
}
