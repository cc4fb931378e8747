import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Sighting } from '../discovery/types.ts';
import type { Logger } from '../kernel/logger.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { Writer } from './writer.ts';

/** What the agent remembers over a restart. Every call is asynchronous; a call that fails is logged and shows in `state`. */
export interface Store {
  readonly state: { readonly up: boolean; readonly bytes: number | undefined };
  /** What domains published in earlier runs; nothing when it cannot be read. */
  sightings(): Promise<readonly Sighting[]>;
  /** @param oldest sightings from before (milliseconds since the epoch) are forgotten */
  saveSightings(sightings: readonly Sighting[], oldest: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database, creating it and its folder where they are missing. */
export async function openStore(path: string, logger: Logger): Promise<Result<Store, string>> {
  const folder = await createFolder(dirname(path));
  if (!folder.ok) return folder;
  const opened = await Writer.open(path);
  if (!opened.ok) {
    return err(`cannot open the database ${path}: ${opened.error}. Check the file and its folder, or set store.path.`);
  }
  const writer = opened.value;
  return ok({
    get state() {
      return { up: writer.up, bytes: writer.bytes };
    },
    async sightings() {
      const loaded = await writer.call('loadSightings');
      if (loaded.ok) return loaded.value;
      logger.error({ error: loaded.error }, 'the store cannot be read');
      return [];
    },
    async saveSightings(sightings, oldest) {
      const saved = await writer.call('saveSightings', sightings, oldest);
      if (!saved.ok) logger.error({ error: saved.error }, 'the store cannot be written');
    },
    close: () => writer.close(),
  });
}

/** Not mkdir's own `recursive`, which never ends where the system says ENOENT for good, as in /proc (Node 24). */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder, { mode: 0o750 });
}

async function createFolder(folder: string): Promise<Result<undefined, string>> {
  try {
    await makeFolder(folder);
    return ok(undefined);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return err(`cannot create the state folder ${folder}: ${text}. Create it for this user, or set store.path.`);
  }
}
