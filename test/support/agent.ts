import { fileURLToPath } from 'node:url';
import { type Daemon, startDaemon } from '../peers/daemon.ts';
import { freePort } from '../peers/free-port.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
export const MAIN = fileURLToPath(new URL('../../bin/kmswatch.cjs', import.meta.url));

/** The agent as users start it, in its own process and folder. */
export interface RunningAgent {
  readonly url: string;
  readonly config: string;
  readonly folder: TemporaryFolder;
  readonly daemon: Daemon;
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

export interface AgentOptions {
  /** YAML, without `web` and `store`. */
  readonly config: string;
  /** In place of Node and the entry; `run` and its options follow. */
  readonly command?: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: TemporaryFolder;
  /** Default: a free one. */
  readonly port?: number;
  /** Milliseconds until it has to be ready. */
  readonly deadline?: number;
}

/** Starts the agent and waits until its first rounds have ended. */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const folder = options.folder ?? (await temporaryFolder());
  const port = options.port ?? (await freePort());
  const config = await folder.write('kmswatch.yml', options.config);
  const [program, ...args] = options.command ?? [process.execPath, MAIN];
  const url = `http://127.0.0.1:${port}`;
  const daemon = await startDaemon({
    command: [program, ...args, 'run', '--config', config, '--web.listen', `127.0.0.1:${port}`],
    cwd: REPOSITORY,
    env: { STATE_DIRECTORY: folder.path, ...options.env },
    ...(options.deadline === undefined ? {} : { deadline: options.deadline }),
    ready: async () => (await fetch(`${url}/-/ready`)).status === 200,
  });
  return {
    url,
    config,
    folder,
    daemon,
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    async stop() {
      await daemon.stop();
      await folder.remove();
    },
  };
}

/** The value of one series, by its name and labels as they are written; undefined when it is not there. */
export function seriesValue(page: string, series: string): number | undefined {
  const line = page.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
