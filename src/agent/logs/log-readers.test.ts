import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../../test/peers/temporary-folder.ts';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { estate } from '../../../test/support/estate.ts';
import { KMS, requestEvents } from '../../../test/support/log-host.ts';
import { type Config, ConfigSchema } from '../../config/schema.ts';
import { startWindowsHost, type WindowsHost } from '../../demo/windows/windows-host.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import { openStore, type Store } from '../../store/store.ts';
import { WinrmAccess } from '../winrm-access.ts';
import { LogReaders } from './log-readers.ts';

let folder: TemporaryFolder;
let store: Store;
let host: WindowsHost;

beforeEach(async () => {
  folder = await temporaryFolder();
  const options = { settings: DEFAULT_SETTINGS, clock: systemClock, logger: silentLogger };
  const opened = await openStore(join(folder.path, 'kmswatch.db'), options);
  if (!opened.ok) throw new Error(opened.error);
  store = opened.value;
  host = await startWindowsHost({ name: 'kms0.corp.example' });
  host.log(KMS).append(requestEvents(500));
});
afterEach(async () => {
  await host.close();
  await store.close();
  await folder.remove();
});

/** The first of this many hosts is there. */
function configOf(hosts: number): Config {
  const login = { insecure: true, auth: 'basic', username: 'mon', password: 'secret' };
  return ConfigSchema.parse({
    hosts: Array.from({ length: hosts }, (_, n) => ({
      name: `kms${n}.corp.example`,
      activations: { winrm: { ...login, url: n === 0 ? host.url : 'http://127.0.0.1:9/wsman' } },
    })),
  });
}

it.each([
  { hosts: 2, pulls: 2 },
  { hosts: 200, pulls: 5 },
])('with $hosts hosts, 500 records come in $pulls answers', async ({ hosts, pulls }) => {
  const deps = { clock: systemClock, random: systemRandom };
  const winrm = new WinrmAccess(deps);
  const watched = estate({ hosts: [] });
  const readers = new LogReaders({
    ...deps,
    estate: watched,
    store,
    winrm,
    eventClock: systemClock,
    logger: silentLogger,
  });
  await readers.apply(configOf(hosts));
  const accepted = async () => (await store.count())?.ingest.find(({ result }) => result === 'accepted')?.count;
  await expect.poll(accepted).toBe(500);
  // The one after them is under way.
  await expect.poll(() => host.requests.get('Pull')).toBe(pulls + 1);
  await readers.stop();
  winrm.close();
});
