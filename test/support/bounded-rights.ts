import { MAIN } from './agent.ts';

const RIGHTS = '-dac_override,-dac_read_search';

/**
 * Runs the agent for which the mode of a file counts: root loses the right to read and write every file. It stays root,
 * because another user might not be allowed into the folder of this checkout.
 */
export const BOUND_BY_MODES: readonly [string, ...string[]] =
  process.getuid?.() === 0
    ? ['setpriv', `--bounding-set=${RIGHTS}`, `--inh-caps=${RIGHTS}`, process.execPath, MAIN]
    : [process.execPath, MAIN];
