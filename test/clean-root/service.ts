import { type Daemon, startDaemon } from '../peers/daemon.ts';
import type { CleanRoot } from './clean-root.ts';

/**
 * Starts the agent as the unit of the package says, since there is no systemd in the root: its command, its user, its
 * environment. The port is the test's.
 */
export async function startService(root: CleanRoot, port: number): Promise<Daemon> {
  const unit = await root.read('/usr/lib/systemd/system/kmswatch.service');
  const of = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
  const environment = ['-i', `STATE_DIRECTORY=/var/lib/${of('StateDirectory')}`, of('Environment')];
  const words = ['env', ...environment, ...of('ExecStart').split(' '), '--web.listen', `127.0.0.1:${port}`];
  return startDaemon({
    command: root.command(words, `${of('User')}:${of('Group')}`),
    ready: async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).status === 200,
    deadline: 600_000,
  });
}
