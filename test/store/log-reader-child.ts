/** Reads the logs of a simulated host into a database until it is killed: DATABASE URL. Says when the host has answered. */

import { systemClock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { millis } from '../../src/kernel/time.ts';
import { openStore } from '../../src/store/store.ts';
import { reading } from '../support/log-host.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';

const [database = '', url = ''] = process.argv.slice(2);
const opened = await openStore(database, { settings: DEFAULT_SETTINGS, clock: systemClock, logger: silentLogger });
if (!opened.ok) throw new Error(opened.error);
const told = reading({ url }, opened.value, { pullTimeout: millis(2_000) });
const saying = setInterval(() => {
  if (told.answers === 0) return;
  clearInterval(saying);
  process.stdout.write('answered\n');
}, 5);
