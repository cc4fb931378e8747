import { type Daemon, startDaemon } from './daemon.ts';
import { peerPath } from './find-peer.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface Alertmanager {
  readonly url: string;
  readonly daemon: Daemon;
  stop(): Promise<void>;
}

/** A member of a cluster on 127.0.0.1. */
export interface Membership {
  readonly port: number;
  /** Of the other members. */
  readonly peers: readonly number[];
}

/**
 * Starts Alertmanager on a free port of 127.0.0.1.
 * @param config the text of its configuration file
 * @param membership default: alone
 */
export async function startAlertmanager(config: string, membership?: Membership): Promise<Alertmanager> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await folder.write('alertmanager.yml', config);
  const daemon: Daemon = await startDaemon({
    command: [
      peerPath('alertmanager'),
      `--config.file=${folder.path}/alertmanager.yml`,
      `--storage.path=${folder.path}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...(membership === undefined ? ['--cluster.listen-address='] : clusterOptions(membership)),
    ],
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  return {
    url,
    daemon,
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}

/** It waits for the others, and notices that one is gone, within seconds instead of half a minute. */
function clusterOptions({ port, peers }: Membership): readonly string[] {
  return [
    `--cluster.listen-address=127.0.0.1:${port}`,
    `--cluster.advertise-address=127.0.0.1:${port}`,
    ...peers.map((peer) => `--cluster.peer=127.0.0.1:${peer}`),
    '--cluster.peer-timeout=2s',
    '--cluster.settle-timeout=5s',
    '--cluster.probe-interval=500ms',
    '--cluster.probe-timeout=250ms',
    '--cluster.gossip-interval=100ms',
  ];
}
