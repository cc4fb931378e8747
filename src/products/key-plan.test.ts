import { describe, expect, it, test } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { keyPlan } from './key-plan.ts';
import { planWords } from './key-words.ts';

const SERVER_2025 = '84e331f6-4279-48c4-ab10-b75139181351';
const SERVER_2022 = '661f7658-7035-4b4c-9f35-010682943ec2';
const NEW_ID = '11111111-2222-3333-4444-555555555555';

const LTSC = '32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee';
const STANDARD_2025 = '7dc26449-db21-4e09-ba37-28f2958506a6';
const STANDARD_2022 = '9bd77860-9b31-4b7b-96ad-2564017315bf';
const STANDARD_2019 = 'de32eafd-aaee-4662-9444-c1befb41bde2';
const ENTERPRISE = '73111121-5638-40f6-bc11-f1d7b0d64300';
const VISIO_2024 = 'fa187091-8246-47b1-964f-80a0b1e5d69a';
const HOME = '58e97c99-f377-4ef1-81d5-4ad5522b5fd8';

function wordsOf(os: string | undefined, keys: readonly string[], product: string): string {
  return planWords(keyPlan({ host: hostName('kms01.corp.example'), os, keys }, product));
}

describe('a plan in words', () => {
  test.each([
    ['Windows Server 2022 Standard', [SERVER_2022], STANDARD_2019, 'covered'],
    [
      'Windows Server 2019 Standard',
      [SERVER_2022],
      STANDARD_2025,
      'needs the Windows Server 2025 KMS host key, which its Windows can take after KB5034768 or a later update',
    ],
    [
      'Windows Server 2022 Standard',
      [SERVER_2022],
      VISIO_2024,
      'needs the Office LTSC 2024 KMS host key, which its Windows can take after the Office LTSC 2024 Volume License Pack',
    ],
    [
      'Windows Server 2025 Standard',
      [SERVER_2022],
      STANDARD_2025,
      'needs the Windows Server 2025 KMS host key, which its Windows can take',
    ],
    [
      'Windows Server 2022 Standard',
      [SERVER_2022],
      LTSC,
      'covered for some releases only: for all of them it needs the Windows Server 2025 KMS host key, which its Windows can take after KB5034770 or a later update',
    ],
    [
      'Windows Server 2016 Standard',
      [SERVER_2022],
      STANDARD_2025,
      'needs the Windows Server 2025 KMS host key, but its Windows is too old for this key',
    ],
    [
      undefined,
      [],
      STANDARD_2025,
      'needs the Windows Server 2025 KMS host key; whether its Windows can take it is not known',
    ],
    ['Windows Server 2022 Standard', [SERVER_2022], HOME, 'not covered by any known key'],
    ['Windows Server 2022 Standard', [SERVER_2022], NEW_ID, 'not known'],
  ])('on %s with %j for %s: %s', (os, keys, product, expected) => {
    expect(wordsOf(os, keys, product)).toBe(expected);
  });
});

test.each([
  [
    'Windows Server 2022 Standard',
    STANDARD_2022,
    'needs the Windows Server 2025 KMS host key, which its Windows can take after KB5034770 or a later update; the Windows Server 2022 KMS host key would do as well',
  ],
  [
    'Windows Server 2019 Standard',
    STANDARD_2019,
    'needs the Windows Server 2025 KMS host key, which its Windows can take after KB5034768 or a later update; the Windows Server 2022 KMS host key (after KB5003646 or a later update) and the Windows Server 2019 KMS host key would do as well',
  ],
  [
    undefined,
    STANDARD_2022,
    'needs the Windows Server 2025 KMS host key or the Windows Server 2022 KMS host key; whether its Windows can take it is not known',
  ],
  [
    'Windows Server 2016 Standard',
    STANDARD_2022,
    'needs the Windows Server 2022 KMS host key, which its Windows can take after KB5003638 or a later update',
  ],
])('does not ask for the newest key where an older one would do: on %s for %s', (os, product, expected) => {
  expect(wordsOf(os, [], product)).toBe(expected);
});

it('names a few of many keys that would do', () => {
  expect(wordsOf(undefined, [], ENTERPRISE)).toBe(
    'needs the Windows Server 2025 KMS host key, the Windows Server 2022 KMS host key, the Windows Server 2019 KMS host key or an older one; whether its Windows can take it is not known',
  );
});

it('names the newest key that the Windows can hold', () => {
  const plan = (os: string) => keyPlan({ host: hostName('kms01'), os, keys: [] }, STANDARD_2019).key?.name;
  expect(plan('Windows Server 2025 Standard')).toBe('Windows Server 2025 KMS host key');
  expect(plan('Windows Server 2016 Standard')).toBe('Windows Server 2022 KMS host key');
  expect(plan('Windows Server 2012 R2 Standard')).toBe('Windows Server 2019 KMS host key');
});

it('names a client key for a client Windows', () => {
  expect(keyPlan({ host: hostName('kms01'), os: 'Windows 10 Enterprise', keys: [] }, ENTERPRISE).key?.name).toBe(
    'Windows 10 (2019) KMS host key',
  );
});

it('has no key for a host that covers the product', () => {
  expect(keyPlan({ host: hostName('kms01'), os: undefined, keys: [SERVER_2025] }, LTSC).key).toBeUndefined();
});
