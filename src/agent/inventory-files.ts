import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { patiently } from '../config/patiently.ts';
import { readBounded } from '../config/read-bounded.ts';
import type { Config } from '../config/schema.ts';
import { MAX_SOURCE_BYTES } from '../inventory/limits.ts';
import type { Logger } from '../kernel/logger.ts';
import { millis, SECOND_MS, type Seconds, seconds, wholeSeconds } from '../kernel/time.ts';
import type { StoreAccess } from '../store/store-types.ts';

const EVERY = 10 * SECOND_MS;

/** A file that the configuration names, as it was at the last look. */
interface Watched {
  readonly path: string;
  readonly source: string;
  stamp: string;
  /** Undefined until the first look. */
  isUp: boolean | undefined;
  trouble: string;
}

/** Reads the lists of `inventory.files` into the store, again when they change. */
export class InventoryFiles {
  readonly #store: StoreAccess;
  readonly #logger: Logger;
  readonly #now: () => Seconds;
  #files: Watched[] = [];
  #looking: NodeJS.Timeout | undefined;
  #isBusy = false;

  constructor(store: StoreAccess, logger: Logger, now: () => Seconds) {
    this.#store = store;
    this.#logger = logger;
    this.#now = now;
  }

  /** Whether each file could be read, by its source. */
  get states(): ReadonlyMap<string, boolean | undefined> {
    return new Map(this.#files.map(({ source, isUp }) => [source, isUp]));
  }

  /** Reads the files of a configuration instead of those of the one before. @param every milliseconds between two looks */
  follow({ inventory }: Config, every = EVERY): void {
    const known = new Map(this.#files.map((file) => [file.path, file]));
    this.#files = inventory.files.map(
      ({ path }) =>
        known.get(path) ?? { path, source: sourceOf(path, inventory.files), stamp: '', isUp: undefined, trouble: '' },
    );
    if (this.#files.length === 0) {
      this.stop();
      return;
    }
    this.#looking ??= setInterval(() => void this.#look(), every).unref();
    void this.#look();
  }

  stop(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
  }

  async #look(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (const file of this.#files) await this.#lookAt(file);
    } finally {
      this.#isBusy = false;
    }
  }

  async #lookAt(file: Watched): Promise<void> {
    const found = await patiently(file.path, () => stampOf(file.path));
    const stamp = found?.stamp ?? 'hangs';
    // One that could not be read is tried again each time.
    if (stamp === file.stamp && file.isUp === true) return;
    const trouble =
      found === undefined ? 'its disk or network mount does not answer' : await this.#read(file, found.writtenAt);
    file.stamp = stamp;
    file.isUp = trouble === '';
    if (trouble !== '' && trouble !== file.trouble)
      this.#logger.error({ path: file.path, error: trouble }, 'a list of machines cannot be read');
    file.trouble = trouble;
  }

  /** @returns what is wrong, empty if nothing is */
  async #read({ path, source }: Watched, writtenAt: Seconds): Promise<string> {
    const bytes = await readBounded(path, MAX_SOURCE_BYTES);
    if (!bytes.ok) return bytes.error;
    const now = this.#now();
    // Loaded where there is a list.
    const { readList } = await import('../ingest/read-list.ts');
    const read = await readList(this.#store, source, bytes.value, {
      writtenAt: seconds(Math.min(now, writtenAt)),
      now,
    });
    if (read.ok) {
      const { machines, rows, rejected_count, warnings, columns, left_out } = read.value;
      const [first] = read.value.rejected;
      this.#logger.info(
        { source, rows, machines, columns, left_out, rejected: rejected_count },
        'a list of machines was read',
      );
      if (first !== undefined)
        this.#logger.warn({ source, rejected: rejected_count, first }, 'rows of a list were not taken');
      for (const warning of warnings) this.#logger.warn({ source, warning }, 'a list of machines looks incomplete');
      return '';
    }
    const { error } = read;
    return error.kind === 'store' ? error.failure.text : `${error.refusal.reason}: ${error.refusal.remedy}`;
  }
}

/** A file's name; its path where two files have the same name. */
function sourceOf(path: string, files: Config['inventory']['files']): string {
  const name = basename(path);
  return files.filter((other) => basename(other.path) === name).length > 1 ? path : name;
}

async function stampOf(path: string): Promise<{ readonly stamp: string; readonly writtenAt: Seconds }> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return { stamp: `${mtimeMs} ${size} ${ino}`, writtenAt: wholeSeconds(millis(mtimeMs)) };
  } catch {
    // Reading it gives the error.
    return { stamp: 'gone', writtenAt: seconds(0) };
  }
}
