import { expect, it } from 'vitest';
import { manualClock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { openStore } from '../../src/store/store.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { NOBODYS, NOW, requestRecord } from './store-in-memory.ts';

it('does not call a product unactivated of which nobody knows what an answer is worth', async () => {
  const folder = await temporaryFolder();
  const options = { settings: DEFAULT_SETTINGS, clock: manualClock(NOW * 1000), logger: silentLogger };
  const store = await openStore(`${folder.path}/kmswatch.db`, options);
  if (!store.ok) throw new Error(store.error);
  const grace = { status: 2 as const, minutes: 40_000, time: NOW - 9 };
  await store.value.ingest('import', [
    requestRecord({ ...grace, activationId: NOBODYS, nPolicy: 5 }),
    requestRecord({ ...grace, activationId: NOBODYS, nPolicy: 5, client: 2, machine: 'ws2', hresult: 0xc004f038 }),
  ]);
  const page = await store.value.machines({});
  await store.value.close();
  await folder.remove();
  if (!page.ok) throw new Error(page.error.text);
  expect(page.value.machines.map(({ machine, products, advice }) => [machine, products[0]?.state, advice])).toEqual([
    ['ws1.corp.test', 'unknown', expect.any(String)],
    ['ws2', 'unactivated', expect.any(String)],
  ]);
});
