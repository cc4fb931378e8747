import { type Daemon, startDaemon } from './daemon.ts';
import { peerPath } from './find-peer.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface Alertmanager {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts Alertmanager on a free port of 127.0.0.1, alone in its cluster.
 * @param config the text of its configuration file
 */
export async function startAlertmanager(config: string): Promise<Alertmanager> {
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
      '--cluster.listen-address=',
    ],
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  return {
    url,
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}
