import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { SECOND_MS } from '../kernel/time.ts';
import { MAX_CONFIG_BYTES } from './config-file.ts';
import { readBounded } from './read-bounded.ts';

export interface WatchOptions {
  readonly path: string;
  /** Milliseconds between two looks; 2 s when left out. */
  readonly interval?: number;
  /** Called once for each change of the content. */
  readonly onChange: () => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** What a look saw: undefined while there is no readable file. */
interface Seen {
  readonly stamp: string;
  readonly hash: string;
}

/**
 * Watches a file by looking at it now and then: that also sees what change notifications miss, the swap of a symbolic
 * link above the file (Kubernetes' ConfigMaps) and changes on network file systems. A file that was touched but says the
 * same is no change, nor is one that is gone for a moment. Does not keep the process alive.
 * @returns when the first look is done, which later ones are compared with
 */
export async function watchConfig({ path, interval = 2 * SECOND_MS, onChange, signal }: WatchOptions): Promise<void> {
  let seen = await look(path, undefined);
  let busy = false;
  const notice = async (): Promise<void> => {
    const now = await look(path, seen);
    if (now === undefined || signal.aborted) return;
    const changed = now.hash !== seen?.hash;
    seen = now;
    if (changed) onChange();
  };
  if (signal.aborted) return;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void notice().finally(() => {
      busy = false;
    });
  }, interval);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

async function look(path: string, before: Seen | undefined): Promise<Seen | undefined> {
  const stamp = await stampOf(path);
  if (stamp === undefined || stamp === before?.stamp) return before;
  const bytes = await readBounded(path, MAX_CONFIG_BYTES);
  if (!bytes.ok) return before;
  return { stamp, hash: createHash('sha256').update(bytes.value).digest('hex') };
}

async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { mtimeNs, size, ino, dev } = await stat(path, { bigint: true });
    return `${mtimeNs} ${size} ${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
