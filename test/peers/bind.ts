import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { answersDns } from './answers.ts';
import { startDaemon } from './daemon.ts';
import { peerPath } from './find-peer.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

export interface BindOptions {
  /** The records of each zone, beside its SOA and NS: lines as in a zone file. */
  readonly zones: Readonly<Record<string, readonly string[]>>;
  /** A zone that it should have from another server and never got: it answers SERVFAIL. */
  readonly expired?: string;
  /** It drops every query. */
  readonly silent?: boolean;
}

export interface Bind {
  readonly address: string;
  readonly port: number;
  /** Changes records as a KMS host does (RFC 2136), signed with TSIG: nsupdate's lines. */
  update(...lines: string[]): Promise<void>;
  stop(): Promise<void>;
}

const ADDRESS = '127.0.0.1';

/** Signs the updates; it is worth nothing beyond one test on loopback. */
const KEY = 'key "update" { algorithm hmac-sha256; secret "a21zd2F0Y2ggdGVzdCBrZXkgb2YgMzIgb2N0ZXRzISE="; };\n';

/** Starts an authoritative BIND on loopback. */
export async function startBind(options: BindOptions): Promise<Bind> {
  const folder = await temporaryFolder();
  const port = await freePort(ADDRESS);
  const key = await folder.write('update.key', KEY, 0o600);
  for (const [zone, lines] of Object.entries(options.zones)) await folder.write(`${zone}.zone`, zoneFile(lines));
  const configuration = await folder.write('named.conf', namedConf(folder.path, port, options));
  const daemon = await startDaemon({
    command: [peerPath('named'), '-g', '-n', '1', '-c', configuration],
    ready: ({ output }) =>
      options.silent === true ? /\brunning\b/.test(output()) : answersDns(ADDRESS, port, Object.keys(options.zones)),
  });
  return {
    address: ADDRESS,
    port,
    update: async (...lines) => {
      const script = await folder.write('update.txt', [`server ${ADDRESS} ${port}`, ...lines, 'send', ''].join('\n'));
      await run(peerPath('nsupdate'), ['-k', key, script], { timeout: 60_000 });
    },
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}

/** A zone file with one name server, TTL 600. */
export function zoneFile(lines: readonly string[]): string {
  return ['$TTL 600', '@ SOA ns admin 1 900 600 86400 60', '@ NS ns', `ns A ${ADDRESS}`, ...lines, ''].join('\n');
}

function namedConf(folder: string, port: number, { zones, expired, silent }: BindOptions): string {
  const primary = Object.keys(zones).map(
    (zone) => `zone "${zone}" { type primary; file "${zone}.zone"; update-policy { grant update zonesub ANY; }; };`,
  );
  const secondary =
    expired === undefined
      ? []
      : [`zone "${expired}" { type secondary; primaries { ${ADDRESS} port 9; }; file "none"; };`];
  return [
    `include "${folder}/update.key";`,
    'options {',
    `  directory "${folder}"; listen-on port ${port} { ${ADDRESS}; }; listen-on-v6 { none; };`,
    '  pid-file "named.pid"; session-keyfile "session.key"; managed-keys-directory ".";',
    '  recursion no; dnssec-validation no; minimal-responses no;',
    silent === true ? '  blackhole { any; };' : '',
    '};',
    'controls { };',
    ...primary,
    ...secondary,
    '',
  ].join('\n');
}
