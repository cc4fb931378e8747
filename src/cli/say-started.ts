import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentLogger } from './log.ts';

/**
 * Writes the file `listening` into `$RUNTIME_DIRECTORY` (systemd.exec(5), RuntimeDirectory=), for which the unit waits:
 * a start then succeeds once the agent listens. Node has no datagram sockets of Unix, which sd_notify(3) needs, and to let
 * a child process notify would let every child do so.
 */
export async function sayStarted(
  env: Readonly<Record<string, string | undefined>>,
  logger: AgentLogger,
): Promise<void> {
  // systemd lists several directories with colons between them.
  const folder = env['RUNTIME_DIRECTORY']?.split(':')[0];
  if (folder === undefined || folder === '') return;
  try {
    await writeFile(join(folder, 'listening'), '');
  } catch (error) {
    logger.error({ error: String(error) }, 'systemd does not learn that the agent has started');
  }
}
