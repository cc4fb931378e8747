import { expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { seconds } from '../kernel/time.ts';
import { type KeysAndProducts, keyTable } from './key-table.ts';
import { planWords } from './key-words.ts';

const SERVER_2022 = {
  activationId: '661f7658-7035-4b4c-9f35-010682943ec2',
  product: 'Windows Server 2022 KMS host key',
  licensed: true,
};
const STANDARD_2019 = 'de32eafd-aaee-4662-9444-c1befb41bde2';
const STANDARD_2025 = '7dc26449-db21-4e09-ba37-28f2958506a6';
const HOME = '58e97c99-f377-4ef1-81d5-4ad5522b5fd8';

const KNOWN: KeysAndProducts = {
  hosts: [
    { host: hostName('kms01'), time: seconds(1), os: 'Windows Server 2022 Standard', keys: [SERVER_2022] },
    { host: hostName('kms02'), time: seconds(1), os: 'Windows Server 2016 Standard', keys: [] },
  ],
  products: [
    { activationId: STANDARD_2025, product: 'Windows Server 2025 Standard' },
    { activationId: STANDARD_2019, product: 'Windows Server 2019 Standard' },
    { activationId: HOME, product: 'Windows 10/11 Home' },
  ],
};

it('puts every product that is asked for against every host', () => {
  const rows = keyTable(KNOWN);
  expect(rows.map(({ product }) => product)).toEqual([
    'Windows 10/11 Home',
    'Windows Server 2019 Standard',
    'Windows Server 2025 Standard',
  ]);
  expect(rows[1]?.plans.map((plan) => [plan.host, planWords(plan)])).toEqual([
    ['kms01', 'covered'],
    [
      'kms02',
      'needs the Windows Server 2022 KMS host key, which its Windows can take after KB5003638 or a later update; the Windows Server 2019 KMS host key (after KB4478877 or a later update) would do as well',
    ],
  ]);
  expect(rows[2]).toMatchObject({
    asked: true,
    releases: [{ release: 'Windows Server 2025', supportEnd: '2034-11-14' }],
    note: undefined,
  });
  expect(rows[0]?.note).toContain('Home');
});

it('finds by a part of its name, its release or its id what nobody asks for yet', () => {
  const names = (wanted: string) => keyTable(KNOWN, wanted).map(({ product, asked }) => [product, asked]);
  expect(names('server 2025 stand')).toContainEqual(['Windows Server 2025 Standard', true]);
  expect(names('visio ltsc professional 2024')).toEqual([['Visio LTSC Professional 2024', false]]);
  expect(names('32D2FAB3')).toHaveLength(1);
  expect(keyTable(KNOWN, 'Windows 11 LTSC 2024').map(({ activationId }) => activationId)).toContain(
    '32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee',
  );
  expect(names('KMS host key')).toEqual([]);
  expect(names('no such thing')).toEqual([]);
});

it('names a key without any report', () => {
  const [row] = keyTable({ hosts: [], products: [] }, STANDARD_2025);
  expect(row?.plans.map((plan) => [plan.host, planWords(plan)])).toEqual([
    ['any', 'needs the Windows Server 2025 KMS host key; whether its Windows can take it is not known'],
  ]);
});

it('tells of hosts that have reported no keys what their logs show', () => {
  const of = (activationId: string, refused: boolean, other: boolean) => ({
    host: hostName('kms03'),
    activationId,
    refused,
    other,
  });
  const answers = [of(STANDARD_2025, true, false), of(STANDARD_2019, false, true)];
  const words = (known: KeysAndProducts, wanted: string) =>
    keyTable(known, wanted)[0]?.plans.map((plan) => [plan.host, plan.coverage, planWords(plan)]);
  const logged = { ...KNOWN, hosts: [], answers };
  const needs = 'needs the Windows Server 2025 KMS host key';
  expect(words(logged, STANDARD_2025)).toEqual([
    ['kms03', 'no', `not covered, by the answers in its log (0xC004F042): ${needs}`],
  ]);
  expect(words(logged, STANDARD_2019)).toEqual([['kms03', 'yes', 'covered, by the answers in its log']]);
  expect(words(logged, 'visio ltsc professional 2024')?.[0]?.slice(0, 2)).toEqual(['kms03', 'unknown']);
  expect(words({ ...KNOWN, answers }, STANDARD_2019)?.map(([host]) => host)).toEqual(['kms01', 'kms02', 'kms03']);
  expect(words({ ...logged, answers: [of(STANDARD_2025, true, true)] }, STANDARD_2025)?.[0]).toEqual([
    'kms03',
    'some',
    `covered for some clients only, by the answers in its log (0xC004F042): ${needs}`,
  ]);
});
