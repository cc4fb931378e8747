import { chmod } from 'node:fs/promises';
import { accepts, type Daemon, startDaemon } from './daemon.ts';
import { peerPath } from './find-peer.ts';
import { freePort } from './free-port.ts';
import type { TemporaryFolder } from './temporary-folder.ts';

export interface Nginx {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts nginx on loopback.
 * @param server the server block of its configuration, for a port
 */
export async function startNginx(folder: TemporaryFolder, server: (port: number) => string): Promise<Nginx> {
  const port = await freePort();
  // Its workers run as another user when it is started by root.
  await chmod(folder.path, 0o755);
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder.path}/nginx-${name};`,
  );
  const file = await folder.write(
    'nginx.conf',
    `daemon off;
pid ${folder.path}/nginx.pid;
worker_processes 1;
error_log stderr;
events {}
http {
  access_log off;
  ${places.join('\n  ')}
  ${server(port)}
}
`,
  );
  const daemon: Daemon = await startDaemon({
    command: [peerPath('nginx'), '-p', folder.path, '-e', 'stderr', '-c', file],
    ready: () => accepts(port),
  });
  return { port, stop: () => daemon.stop() };
}
