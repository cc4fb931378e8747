import { answersDns } from './answers.ts';
import { zoneFile } from './bind.ts';
import { startDaemon } from './daemon.ts';
import { peerPath } from './find-peer.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface Knot {
  readonly address: string;
  readonly port: number;
  stop(): Promise<void>;
}

const ADDRESS = '127.0.0.1';

/**
 * Starts an authoritative Knot DNS on loopback. A UDP answer that does not fit has TC and no record at all, where
 * BIND's has some.
 */
export async function startKnot(zones: Readonly<Record<string, readonly string[]>>): Promise<Knot> {
  const folder = await temporaryFolder();
  const port = await freePort(ADDRESS);
  for (const [zone, lines] of Object.entries(zones)) await folder.write(`${zone}.zone`, zoneFile(lines));
  const configuration = await folder.write('knot.conf', knotConf(folder.path, port, Object.keys(zones)));
  const daemon = await startDaemon({
    command: [peerPath('knotd'), '-c', configuration],
    ready: () => answersDns(ADDRESS, port, Object.keys(zones)),
  });
  return {
    address: ADDRESS,
    port,
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}

function knotConf(folder: string, port: number, zones: readonly string[]): string {
  return [
    'server:',
    `  rundir: ${folder}`,
    `  listen: ${ADDRESS}@${port}`,
    '  udp-workers: 1',
    '  tcp-workers: 1',
    '  background-workers: 1',
    'database:',
    `  storage: ${folder}/db`,
    'log:',
    '  - target: stderr',
    '    any: info',
    'template:',
    '  - id: default',
    `    storage: ${folder}`,
    '    file: "%s.zone"',
    '    zonefile-sync: -1',
    'zone:',
    ...zones.map((zone) => `  - domain: ${zone}`),
    '',
  ].join('\n');
}
