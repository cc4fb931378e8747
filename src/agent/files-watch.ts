import { namedFiles, tryFile } from '../config/named-files.ts';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../kernel/logger.ts';
import { SECOND_MS } from '../kernel/time.ts';

const EVERY = 10 * SECOND_MS;

/** Looks now and then whether tokens, keys and certificates can be read: most are needed only when somebody asks. */
export class FilesWatch {
  readonly #logger: Logger;
  readonly #every: number;
  #files: ReadonlyMap<string, string> = new Map();
  #troubles: ReadonlyMap<string, string> = new Map();
  #looking: NodeJS.Timeout | undefined;
  #isBusy = false;

  /** @param every milliseconds between two looks */
  constructor(logger: Logger, every: number = EVERY) {
    this.#logger = logger;
    this.#every = every;
  }

  /** Whether a file cannot be read now. */
  get hasTrouble(): boolean {
    return this.#troubles.size > 0;
  }

  /** Looks after the files of a configuration instead of those of the one before. */
  follow(config: Config): void {
    this.#files = namedFiles(config);
    this.#looking ??= setInterval(() => void this.#look(), this.#every).unref();
    void this.#look();
  }

  stop(): void {
    clearInterval(this.#looking);
  }

  async #look(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    const troubles = new Map<string, string>();
    for (const [path, key] of this.#files) {
      const tried = await tryFile(path, key);
      if (!tried.ok) troubles.set(path, tried.error);
    }
    this.#isBusy = false;
    this.#tell(troubles);
  }

  #tell(troubles: ReadonlyMap<string, string>): void {
    for (const [path, error] of troubles) {
      if (this.#troubles.get(path) !== error)
        this.#logger.error({ error }, 'a file that the configuration names cannot be read');
    }
    for (const path of this.#troubles.keys()) {
      if (!troubles.has(path)) this.#logger.info({ path }, 'a file that the configuration names can be read again');
    }
    this.#troubles = troubles;
  }
}
