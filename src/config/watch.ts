import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { SECOND_MS } from '../kernel/time.ts';
import { MAX_CONFIG_BYTES } from './config-file.ts';
import { patiently } from './patiently.ts';
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

/** What a look saw; one that could not read the file has the reason instead of a hash. */
interface Seen {
  readonly stamp: string;
  readonly hash: string;
}

/**
 * Watches a file by looking at it now and then: that also sees what change notifications miss, the swap of a symbolic
 * link above the file (Kubernetes' ConfigMaps) and changes on network file systems. That it cannot be read any more is a
 * change too. A file that was touched but says the same is no change, nor is one that is gone at a single look: an
 * editor may be replacing it. Does not keep the process alive.
 * @returns when the first look is done, which later ones are compared with
 */
export async function watchConfig({ path, interval = 2 * SECOND_MS, onChange, signal }: WatchOptions): Promise<void> {
  let seen = await look(path, undefined);
  let wasGone = false;
  let busy = false;
  const notice = async (): Promise<void> => {
    const now = await look(path, seen);
    if (signal.aborted) return;
    const isGone = now.stamp === GONE;
    const isFirst = isGone && !wasGone;
    wasGone = isGone;
    if (isFirst) return;
    const changed = now.hash !== seen.hash;
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

const GONE = 'gone';
const HANGS = 'hangs';
/** Begins the stamp of what is no plain file, or cannot be looked at. */
const SPECIAL = 'special ';

async function look(path: string, before: Seen | undefined): Promise<Seen> {
  const stamp = (await patiently(path, () => stampOf(path))) ?? HANGS;
  if (stamp === before?.stamp) return before;
  // A pipe is for one reader of the configuration: what one has read from it, another cannot.
  if (stamp === GONE || stamp === HANGS || stamp.startsWith(SPECIAL)) return { stamp, hash: stamp };
  const bytes = await readBounded(path, MAX_CONFIG_BYTES);
  return { stamp, hash: bytes.ok ? createHash('sha256').update(bytes.value).digest('hex') : bytes.error };
}

async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeNs, ctimeNs, size, ino, dev, isFile } = await statOf(path);
    // The time of a change of its owner or mode, too, after which it may be read or not.
    return `${isFile ? '' : SPECIAL}${mtimeNs} ${ctimeNs} ${size} ${dev} ${ino}`;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? GONE : `${SPECIAL}${String(code)}`;
  }
}

async function statOf(path: string) {
  const found = await stat(path, { bigint: true });
  return { ...found, isFile: found.isFile() };
}
