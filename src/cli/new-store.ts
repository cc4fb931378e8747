import { isAbsolute } from 'node:path';
import type { Terminal } from './terminal.ts';

/**
 * Whether a command may make a database where there is none. Where nobody has said in which folder, it would be that of
 * the user who runs the command, and an agent that runs as another user has its own elsewhere.
 * @param path where it would be @param given `store.path` of the configuration
 */
export async function mayCreateStore(path: string, given: string, terminal: Terminal): Promise<boolean> {
  // XDG_STATE_HOME is for all programs of a user: it says nothing of kmswatch.
  if (isAbsolute(given) || terminal.env.STATE_DIRECTORY) return true;
  const missing = `there is no database ${path}, and no agent that uses it.`;
  if (terminal.ask !== undefined) return terminal.ask(`${missing} Make a new one here?`);
  terminal.error(
    `${missing} If an agent runs as another user, run this as that user (sudo -u USER), with its --config, or set STATE_DIRECTORY to its folder. To make a new database, set STATE_DIRECTORY to the folder for it.\n`,
  );
  return false;
}
