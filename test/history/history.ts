import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startDaemon } from '../peers/daemon.ts';
import { peerPath } from '../peers/find-peer.ts';
import { freePort } from '../peers/free-port.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { RULES } from '../support/promtool.ts';
import { type Stretch, simulate } from './simulate.ts';
import type { Look } from './watched-demo.ts';

const run = promisify(execFile);

export interface HistoryOptions {
  /** The longest ago first. */
  readonly stretches: readonly Stretch[];
  /**
   * The simulated time at the end, seconds since the epoch; default: the present. Nobody is in an office on a Sunday, so a
   * test names a working day, and always gets the same history; it is moved so that it ends now all the same.
   */
  readonly moment?: number;
  /** Lets Prometheus evaluate the project's rules, every few seconds, from its start on. */
  readonly rules?: number;
  /**
   * Seconds for which a value is believed (`query.lookback-delta`); default: longer than the longest pause between two
   * scrapes. A text for promtool cannot say that a series has ended, as a scrape does: it ends that much later.
   */
  readonly lookback?: number;
  /** Told after each stretch how far it is, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** A Prometheus on loopback that has watched the demo's estate for a while, up to now. */
export interface History {
  readonly url: string;
  /** Of its last scrape, seconds since the epoch. */
  readonly end: number;
  /** The agent's output at that time, with simulated times. */
  readonly last: Look;
  stop(): Promise<void>;
}

/** How long a block may be; `promtool` reads its input once for each block. */
const LONGEST_BLOCK = '1440h';

/** Simulates, converts, and starts Debian's Prometheus on the result. @throws the error of any of the three */
export async function startHistory(options: HistoryOptions): Promise<History> {
  const folder = await temporaryFolder();
  try {
    const data = join(folder.path, 'data');
    const begun = Math.floor(Date.now() / 1000);
    const end = options.moment ?? begun;
    let last: Look | undefined;
    let written = 0;
    for (const { write } of simulate(end, begun - end, options.stretches)) {
      const file = join(folder.path, 'stretch.om');
      last = await write(file);
      const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', `--max-block-duration=${LONGEST_BLOCK}`];
      await run(peerPath('promtool'), [...blocks, file, data], { maxBuffer: 1 << 26 });
      await rm(file);
      written += 1;
      options.onProgress?.(written / options.stretches.length);
    }
    if (last === undefined) throw new RangeError('a history needs a stretch');
    await folder.write('prometheus.yml', configOf(options));
    const prometheus = await startPrometheus(folder.path, data, options);
    const stop = async (): Promise<void> => {
      await prometheus.stop();
      await folder.remove();
    };
    return { url: prometheus.url, end: last.at + begun - end, last, stop };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** JSON is YAML. */
function configOf({ rules }: HistoryOptions): string {
  return JSON.stringify(
    rules === undefined ? {} : { global: { evaluation_interval: `${rules}s` }, rule_files: [RULES] },
  );
}

async function startPrometheus(folder: string, data: string, { stretches, lookback }: HistoryOptions) {
  const longest = Math.max(...stretches.map(({ every }) => every));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const daemon = await startDaemon({
    command: [
      peerPath('prometheus'),
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=10y',
      `--query.lookback-delta=${lookback ?? longest + 300}s`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  return { url, stop: () => daemon.stop() };
}
