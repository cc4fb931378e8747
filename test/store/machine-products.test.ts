import { expect, it } from 'vitest';
import type { EventRecord } from '../../src/activations/types.ts';
import type { InventoryMachine } from '../../src/inventory/types.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { DAY_S, HOUR_S, rfc3339OfSeconds, seconds } from '../../src/kernel/time.ts';
import type { MachineJson } from '../../src/machines/machine-json.ts';
import { openStore } from '../../src/store/store.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { licenceRow, listedMachine } from '../support/machines.ts';
import { manualClock } from '../support/manual-clock.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { EXCEL, NOBODYS, NOW, requestRecord } from './store-in-memory.ts';

async function machinesOf(
  records: readonly EventRecord[],
  listed: readonly InventoryMachine[] = [],
): Promise<readonly MachineJson[]> {
  const folder = await temporaryFolder();
  const options = { settings: DEFAULT_SETTINGS, clock: manualClock(NOW * 1000), logger: silentLogger };
  const store = await openStore(`${folder.path}/kmswatch.db`, options);
  if (!store.ok) throw new Error(store.error);
  await store.value.ingest('import', records);
  await store.value.takeInventoryPart({
    source: 'list.csv',
    readAt: seconds(NOW),
    machines: listed,
    total: listed.length,
  });
  const page = await store.value.machines({});
  await store.value.close();
  await folder.remove();
  if (!page.ok) throw new Error(page.error.text);
  return page.value.machines;
}

it('does not call a product unactivated of which nobody knows what an answer is worth', async () => {
  const grace = { status: 2 as const, minutes: 40_000, time: NOW - 9 };
  const machines = await machinesOf([
    requestRecord({ ...grace, activationId: NOBODYS, nPolicy: 5 }),
    requestRecord({ ...grace, activationId: NOBODYS, nPolicy: 5, client: 2, machine: 'ws2', hresult: 0xc004f038 }),
  ]);
  expect(machines.map(({ machine, products, advice }) => [machine, products[0]?.state, advice])).toEqual([
    ['ws1.corp.test', 'unknown', expect.any(String)],
    ['ws2', 'unactivated', expect.any(String)],
  ]);
});

it('says since when a machine fails: the renewal that it lacks was due, or it was first refused', async () => {
  const weekly = [90, 83, 76].map((days) => ({ time: NOW - days * DAY_S, status: 1 as const, minutes: 173 * 1440 }));
  const vain = [0, 1, 2].map((nth) => ({
    ...{ time: NOW - DAY_S + nth * 2 * HOUR_S, status: 1 as const },
    minutes: (180 - 75) * 1440 - nth * 120,
  }));
  const requests = [...weekly, ...vain];
  const machines = await machinesOf([
    ...requests.map((request, recordId) => requestRecord({ ...request, nPolicy: 1, recordId })),
    ...requests.map((request, index) => {
      const hresult = index < weekly.length ? 0 : 0xc004f042;
      return requestRecord({ ...request, client: 2, machine: 'ws2', recordId: 100 + index, hresult });
    }),
  ]);
  const ago = (days: number) => rfc3339OfSeconds(seconds(NOW - days * DAY_S));
  expect(machines.map(({ machine, verdict, since: at }) => [machine, verdict, at])).toEqual([
    ['ws1.corp.test', 'failing', ago(76 - 7)],
    ['ws2', 'failing', ago(1)],
  ]);
});

it('believes the word of a machine of each lease of the product, also of one from before it was set up again', async () => {
  const days = (ago: number) => ({ time: NOW - ago * DAY_S, activationId: EXCEL, nPolicy: 5 });
  const twoIds = [
    requestRecord({ ...days(40), recordId: 1 }),
    requestRecord({ ...days(30), machine: 'ws1.corp.test', recordId: 2, client: 2 }),
  ];
  const said = { activationId: EXCEL, way: 'directory', minutesLeft: null, at: seconds(NOW - DAY_S) } as const;
  const machines = await machinesOf(twoIds, [listedMachine({ seen: seconds(NOW), licences: [licenceRow(said)] })]);
  expect(machines).toMatchObject([
    { verdict: 'other_activation', products: [{ way: 'directory' }, { way: 'directory' }] },
  ]);
});

it('shows the newest word of a machine and of a source, by whichever name of it', async () => {
  const licences = (days: number, way: 'mak' | 'kms') => [
    licenceRow({ way, minutesLeft: 100_000, at: seconds(NOW - days * DAY_S) }),
  ];
  const seen = (days: number) => seconds(NOW - days * DAY_S);
  const machines = await machinesOf(
    [],
    [
      listedMachine({ machine: 'ws1', seen: seen(9), licences: licences(9, 'mak') }),
      listedMachine({ machine: 'ws1.corp.test', seen: seen(2), licences: licences(2, 'kms') }),
    ],
  );
  expect(machines).toMatchObject([
    {
      ...{ machine: 'ws1.corp.test', verdict: 'renewing', products: [{ way: 'kms', verdict: 'renewing' }] },
      sources: [{ source: 'list.csv', last_seen: rfc3339OfSeconds(seen(2)) }],
    },
  ]);
});
