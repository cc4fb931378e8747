import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../../src/kernel/logger.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { manualClock } from '../support/manual-clock.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { syntheticRecord } from './synthetic.ts';

const NOW = 1_780_000_000;
const CLIENTS = 3500;
let folder: TemporaryFolder;
let store: Store;

beforeEach(async () => {
  folder = await temporaryFolder();
  const opened = await openStore(`${folder.path}/kmswatch.db`, {
    settings: DEFAULT_SETTINGS,
    clock: manualClock(NOW * 1000),
    logger: silentLogger,
  });
  if (!opened.ok) throw new Error(opened.error);
  store = opened.value;
  // The reader is there already, so that it could look too early.
  await store.recent(1);
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

it('shows a reader every lease of a large batch as soon as its sender was answered', async () => {
  for (let round = 0; round < 5; round++) {
    const from = NOW - 86_400 + round * CLIENTS;
    const records = Array.from({ length: CLIENTS }, (_, n) => syntheticRecord(n, from, CLIENTS));
    expect((await store.ingest('import', records)).ok).toBe(true);
    const page = await store.leases({ sort: 'last_request', limit: 1000 });
    const seen = page.ok ? page.value.leases.map(({ last_request }) => Date.parse(last_request) / 1000) : [];
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, index) => from + CLIENTS - 1 - index));
  }
});
