import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { demoFleet } from '../../src/demo/fleet/demo-fleet.ts';
import { startDaemon } from '../peers/daemon.ts';
import { freePort } from '../peers/free-port.ts';
import { peerPath } from '../peers/peer.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { RULES } from '../support/promtool.ts';
import { END, scraped } from './open-metrics.ts';
import { type Look, WatchedDemo } from './watched-demo.ts';

const run = promisify(execFile);

/** A part of the past that was scraped at one pace, up to where the next one begins. */
export interface Stretch {
  /** Seconds before the end. */
  readonly from: number;
  /** Seconds between two scrapes. */
  readonly every: number;
}

export interface HistoryOptions {
  /** The longest ago first. */
  readonly stretches: readonly Stretch[];
  /** Lets Prometheus evaluate the project's rules, every so many seconds, from its start on. */
  readonly rules?: number;
  /** Told now and then how far it is, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** A Prometheus on loopback that has watched the demo's estate for a while, up to now. */
export interface History {
  readonly url: string;
  /** Of its last scrape, seconds since the epoch. */
  readonly end: number;
  /** What the agent showed then. */
  readonly last: Look;
  stop(): Promise<void>;
}

/** How long a block may be; `promtool` reads its input once for each block. */
const LONGEST_BLOCK = '1440h';

/** Simulates, converts, and starts Debian's Prometheus on the result. @throws what any of the three has to say */
export async function startHistory(options: HistoryOptions): Promise<History> {
  const folder = await temporaryFolder();
  try {
    const { stretches, rules, onProgress } = options;
    const begun = now();
    const data = join(folder.path, 'data');
    const last = await simulate(begun, stretches, onProgress, async (index, write) => {
      const file = join(folder.path, `${index}.om`);
      const look = await write(file);
      const command = [
        'tsdb',
        'create-blocks-from',
        'openmetrics',
        `--max-block-duration=${LONGEST_BLOCK}`,
        file,
        data,
      ];
      await run(peerPath('promtool'), command, { maxBuffer: 1 << 26 });
      await rm(file);
      return look;
    });
    const rest = Math.max(...stretches.map(({ every }) => every));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const config = {
      global: { scrape_interval: '1m', ...(rules === undefined ? {} : { evaluation_interval: `${rules}s` }) },
      ...(rules === undefined ? {} : { rule_files: [RULES] }),
    };
    await folder.write('prometheus.yml', JSON.stringify(config));
    const daemon = await startDaemon({
      command: [
        peerPath('prometheus'),
        `--config.file=${join(folder.path, 'prometheus.yml')}`,
        `--storage.tsdb.path=${data}`,
        '--storage.tsdb.retention.time=10y',
        // A value is believed until the next one came, however far apart they are.
        `--query.lookback-delta=${rest + 300}s`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
      ],
      ready: async () => (await fetch(`${url}/-/ready`)).ok,
    });
    const stop = async (): Promise<void> => {
      await daemon.stop();
      await folder.remove();
    };
    return { url, end: last.at, last, stop };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

type Take = (index: number, write: (file: string) => Promise<Look>) => Promise<Look>;

/** @param take gets each stretch, and a function that writes it to a file */
async function simulate(
  end: number,
  stretches: readonly Stretch[],
  onProgress: HistoryOptions['onProgress'],
  take: Take,
): Promise<Look> {
  const demo = new WatchedDemo(demoFleet(end * 1000), end);
  let last: Look | undefined;
  for (const [index, { from, every }] of stretches.entries()) {
    const next = stretches[index + 1];
    // Meanwhile time goes on, and what is too old is not believed.
    const until = next === undefined ? now : () => end - next.from;
    const start = end - from;
    if (demo.now < start - every) demo.skip(start - every);
    last = await take(index, async (file) => {
      const look = await writeStretch(demo, file, { start, until, every });
      onProgress?.((index + 1) / stretches.length);
      return look;
    });
  }
  if (last === undefined) throw new RangeError('a history needs a stretch');
  return last;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

interface Span {
  readonly start: number;
  /** Included. */
  readonly until: () => number;
  readonly every: number;
}

async function writeStretch(demo: WatchedDemo, file: string, { start, until, every }: Span): Promise<Look> {
  const out = createWriteStream(file);
  let look: Look | undefined;
  for (let at = start + every; at <= until(); at += every) {
    look = await demo.look(at);
    if (!out.write([...scraped(look)].join(''))) await once(out, 'drain');
  }
  out.end(END);
  await once(out, 'finish');
  if (look === undefined) throw new RangeError('a stretch is shorter than its pace');
  return look;
}
