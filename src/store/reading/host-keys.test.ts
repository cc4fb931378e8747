import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { HOST, NOW, PRO, SERVER, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { seconds } from '../../kernel/time.ts';
import { NOT_COVERED } from '../../leases/refused.ts';
import { keysAndProducts } from './host-keys.ts';
import { readContext } from './read-context.ts';

it('tells what the log of a host shows, until the host reports its keys', () => {
  const { database } = new StoreInMemory().take(
    { activationId: SERVER, nPolicy: 5, hresult: NOT_COVERED, time: NOW - 9 },
    { activationId: PRO, client: 2, machine: 'ws2' },
  );
  const answers = () => keysAndProducts(readContext(database, DEFAULT_SETTINGS), seconds(NOW)).answers;
  expect(answers()?.toSorted((a, b) => (a.activationId < b.activationId ? -1 : 1))).toEqual([
    { host: HOST, activationId: PRO, refused: false, other: true },
    { host: HOST, activationId: SERVER, refused: true, other: false },
  ]);
  database.prepare("INSERT INTO host_keys (host, time, os, keys) SELECT id, 1, NULL, '[]' FROM hosts").run();
  expect(answers()).toEqual([]);
});
