import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { answersRpc } from './answers.ts';
import { startDaemon } from './daemon.ts';
import { peerPath } from './find-peer.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The endpoint mapper's port, which is fixed, and which only root may take. */
const PORT = 135;

const FOLDERS = ['private dir', 'lock directory', 'state directory', 'cache directory', 'pid directory', 'ncalrpc dir'];

/** Starts Samba's RPC services without the rest of Samba; the endpoint mapper answers on 127.0.0.1. */
export async function startEndpointMapper(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const folder = await temporaryFolder();
  const folders = await Promise.all(
    FOLDERS.map(async (name) => {
      const path = join(folder.path, name.replaceAll(' ', '-'));
      // The folder of the local sockets has to be open to all, or no service starts; the one around it is closed.
      await mkdir(path, { mode: name === 'ncalrpc dir' ? 0o755 : 0o700 });
      return `${name} = ${path}`;
    }),
  );
  const configuration = await folder.write(
    'smb.conf',
    [
      '[global]',
      'server role = standalone server',
      'interfaces = 127.0.0.1',
      'bind interfaces only = yes',
      'disable netbios = yes',
      'rpc start on demand helpers = false',
      ...folders,
      '',
    ].join('\n'),
  );
  const daemon = await startDaemon({
    command: [
      peerPath('samba-dcerpcd'),
      `--configfile=${configuration}`,
      '-F',
      '--no-process-group',
      '--libexec-rpcds',
      '--debug-stdout',
    ],
    ready: () => answersRpc(PORT),
  });
  return {
    port: PORT,
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}
