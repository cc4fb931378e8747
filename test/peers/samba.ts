import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasBinary } from './binary.ts';
import { type Peer, startPeer } from './child.ts';

const DAEMON = '/usr/libexec/samba/samba-dcerpcd';

/** The endpoint mapper's port, which is fixed, and which only root may take. */
const PORT = 135;

const FOLDERS = ['private dir', 'lock directory', 'state directory', 'cache directory', 'pid directory', 'ncalrpc dir'];

export function hasSamba(): boolean {
  return hasBinary(DAEMON) && process.getuid?.() === 0;
}

/** Starts Samba's RPC services without the rest of Samba; the endpoint mapper answers on 127.0.0.1. */
export async function startEndpointMapper(): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), 'kmswatch-samba-'));
  const folders = await Promise.all(
    FOLDERS.map(async (name) => {
      const path = join(folder, name.replaceAll(' ', '-'));
      // The folder of the local sockets has to be open to all, or no service starts; the one around it is closed.
      await mkdir(path, { mode: name === 'ncalrpc dir' ? 0o755 : 0o700 });
      return `${name} = ${path}`;
    }),
  );
  const configuration = join(folder, 'smb.conf');
  await writeFile(
    configuration,
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
  const args = [`--configfile=${configuration}`, '-F', '--no-process-group', '--libexec-rpcds', '--debug-stdout'];
  const peer = await startPeer(DAEMON, args, PORT);
  return {
    port: peer.port,
    stop: async () => {
      await peer.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
