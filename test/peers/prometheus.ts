import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { parseDuration } from '../../src/kernel/duration.ts';
import { RULES } from '../support/promtool.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { peerPath } from './find-peer.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface Prometheus {
  readonly url: string;
  readonly daemon: Daemon;
  /** The samples of an expression now. */
  query(expression: string): Promise<readonly PrometheusSample[]>;
  /** How many agents it sees up, and how many Alertmanagers it tells: 5 s after its start it knows. */
  known(): Promise<readonly [agents: number, alertmanagers: number]>;
  /** The rules that could not be evaluated, with the error of each. */
  failingRules(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

interface Options {
  /** Whether it evaluates the shipped rules; default: it does. */
  readonly rules?: boolean;
  /** Further options of its command line. */
  readonly flags?: readonly string[];
}

export interface PrometheusSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Starts Prometheus on a free port of 127.0.0.1 with the shipped alert rules at the pace of a test: they hold for a second,
 * and go on firing for three seconds, four or more, in the order of their `keep_firing_for`: until another that hides their
 * end has held as well.
 * @param config without `rule_files`
 */
export async function startPrometheus(config: object, { rules = true, flags = [] }: Options = {}): Promise<Prometheus> {
  const folder = await temporaryFolder();
  const url = `http://127.0.0.1:${await freePort()}`;
  await folder.write('kmswatch.rules.yml', hurried(readFileSync(RULES, 'utf8')));
  await folder.write('prometheus.yml', stringify({ ...config, rule_files: rules ? ['kmswatch.rules.yml'] : [] }));
  const daemon = await startDaemon({
    command: [
      peerPath('prometheus'),
      `--config.file=${folder.path}/prometheus.yml`,
      `--storage.tsdb.path=${folder.path}/data`,
      `--web.listen-address=${new URL(url).host}`,
      ...flags,
    ],
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  const ask = async (path: string) => JSON.parse(await (await fetch(`${url}/api/v1/${path}`)).text()).data;
  const query = async (expression: string): Promise<readonly PrometheusSample[]> => {
    const { result }: { result: { metric: Record<string, string>; value: [number, string] }[] } = await ask(
      `query?query=${encodeURIComponent(expression)}`,
    );
    return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
  };
  return {
    url,
    daemon,
    query,
    known: async () => [(await query('up == 1')).length, (await ask('alertmanagers')).activeAlertmanagers.length],
    failingRules: async () => {
      const { groups }: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] } =
        await ask('rules');
      const failing = groups.flatMap(({ rules }) => rules).filter(({ health }) => health !== 'ok');
      return failing.map(({ name, health, lastError }) => `${name}: ${lastError ?? health}`);
    },
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}

function hurried(rules: string): string {
  const kept = new Set([...rules.matchAll(/^ +keep_firing_for: (\w+)$/gm)].map(([, text = '']) => millisOf(text)));
  const inOrder = [...kept].toSorted((a, b) => a - b);
  return rules
    .replace(/^( +for:) \w+$/gm, '$1 1s')
    .replace(/^( +keep_firing_for:) (\w+)$/gm, (_, key, text) => `${key} ${inOrder.indexOf(millisOf(text)) + 3}s`);
}

/** Of a duration in the rules. */
export function millisOf(duration: string): number {
  const parsed = parseDuration(duration);
  if (!parsed.ok) throw new Error(`${duration}: ${parsed.error}`);
  return parsed.value;
}
