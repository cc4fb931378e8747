import { expect, it, test } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { hostReport, keyReport } from '../../test/support/host-snapshot.ts';
import { millis } from '../kernel/time.ts';
import type { KeyReport } from '../reports/types.ts';
import { poolKeys, productCoverage } from './host-keys.ts';
import type { LogsSnapshot } from './logs-snapshot.ts';
import type { EstateSnapshot } from './snapshot.ts';

const HOST = hostName('kms01.corp.example');
const SERVER_2022 = keyReport({ activationId: '661f7658-7035-4b4c-9f35-010682943ec2', pool: 'windows' });
const OFFICE_2019 = keyReport({ activationId: '70512334-47b4-44db-a233-be5ea33b914c', pool: 'office' });
const UNTOLD = keyReport({ activationId: '00000000-0000-4000-8000-000000000001', pool: undefined });

function estateWith(keys: readonly KeyReport[] | undefined): EstateSnapshot {
  const fresh = keys && hostReport(0, { keys });
  const report = { up: true, failure: undefined, fresh, last: fresh };
  const host = { host: HOST, published: true, expected: true, report, subscription: undefined };
  return { at: millis(0), domains: [], hosts: [host], endpoints: [], hostCount: 1, hostsUp: 1, hostsUnknown: 0 };
}

/** Census by pool. */
function logs(pools: Readonly<Record<string, number>>, products: readonly [id: string, name: string][] = []) {
  const census = Object.entries(pools).map(([pool, census]) => ({ pool, census }));
  return {
    aggregates: {
      hosts: [{ host: HOST, pools: census }],
      products: products.map(([activationId, product]) => ({ activationId, product })),
    },
  } as unknown as LogsSnapshot;
}

test.each<[string, readonly KeyReport[], Readonly<Record<string, number>>, readonly string[]]>([
  ['has what it served', [SERVER_2022, OFFICE_2019], { windows: 9, office: 3 }, []],
  ['has what it never needed', [SERVER_2022], { windows: 9 }, []],
  ['was only asked for Office in vain', [SERVER_2022], { windows: 9, office: 0 }, []],
  ['lost the key for Windows', [OFFICE_2019], { windows: 9, office: 3 }, ['windows']],
  ['lost the key for Office', [SERVER_2022], { windows: 9, office: 3 }, ['office']],
  ['lost both', [], { windows: 9, office: 3 }, ['windows', 'office']],
  ['has none and served Office', [], { office: 3 }, ['office']],
  ['has none and served nobody', [], {}, ['windows']],
  ['has a key of no known pool', [UNTOLD], { windows: 9 }, []],
])('a host that %s', (_, keys, served, missing) => {
  const found = poolKeys(estateWith(keys), logs(served));
  expect(found).toHaveLength(2);
  expect(found.filter((key) => key.missing).map(({ pool }) => pool)).toEqual(missing);
});

it('says nothing of a host without a fresh report', () => {
  expect(poolKeys(estateWith(undefined), logs({ windows: 9 }))).toEqual([]);
  expect(productCoverage(estateWith(undefined), logs({}, [['x', 'X']]))).toEqual([]);
});

it('tells which products the keys cover, where that is known and the same for all releases', () => {
  const asked = logs({}, [
    ['9bd77860-9b31-4b7b-96ad-2564017315bf', 'Windows Server 2022 Standard'],
    ['7dc26449-db21-4e09-ba37-28f2958506a6', 'Windows Server 2025 Standard'],
    ['32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee', 'Windows Enterprise LTSC'],
    ['00000000-0000-4000-8000-00000000aaaa', 'nobody knows'],
    ['58e97c99-f377-4ef1-81d5-4ad5522b5fd8', 'Windows Home'],
  ]);
  expect(productCoverage(estateWith([SERVER_2022]), asked)).toEqual([
    { host: HOST, product: 'Windows Server 2022 Standard', covered: true },
    { host: HOST, product: 'Windows Server 2025 Standard', covered: false },
    { host: HOST, product: 'Windows Home', covered: false },
  ]);
  expect(productCoverage(estateWith([]), asked).filter(({ covered }) => covered)).toEqual([]);
});
