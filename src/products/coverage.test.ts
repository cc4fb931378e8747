import { describe, expect, it, test } from 'vitest';
import { isCovered, keysCovering } from './coverage.ts';
import { HOST_KEY_COVERAGE } from './host-key-coverage.ts';
import { HOST_KEYS } from './host-keys.ts';

const SERVER_2025 = '84e331f6-4279-48c4-ab10-b75139181351';
const SERVER_2022 = '661f7658-7035-4b4c-9f35-010682943ec2';
const SERVER_2022_LAB = '22105925-48c3-4ff4-a294-f654bb27e390';
const SERVER_2019 = '2e7a9ad1-a849-4b56-babe-17d5a29fe4b4';
const SERVER_2016 = 'd6992aac-29e7-452a-bf10-bbfb8ccabe59';
const SERVER_2008_R2_B = 'c99b641f-c4ea-4e63-bec3-5ed2ccd0f357';
const WINDOWS_10 = '0724cb7d-3437-4cb7-93cb-830375d0079d';
const WINDOWS_8_LAB = '044ba67a-4c54-47ee-941a-d6f2efaa6891';
const OFFICE_2021 = '47f3b983-7c53-4d45-abc6-bcd91e2dd90a';
const OFFICE_2024 = 'f3d89bbf-c0ec-47ce-a8fa-e5a5f97e447f';
const NEW_ID = '11111111-2222-3333-4444-555555555555';

const LTSC = '32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee';
const IOT_LTSC = '59eb965c-9150-42b7-a0ec-22151b9897c5';
const ENTERPRISE = '73111121-5638-40f6-bc11-f1d7b0d64300';
const HOME = '58e97c99-f377-4ef1-81d5-4ad5522b5fd8';
const AZURE_EDITION = 'c2e946d1-cfa2-4523-8c87-30bc696ee584';
const STANDARD_2025 = '7dc26449-db21-4e09-ba37-28f2958506a6';
const STANDARD_2022 = '9bd77860-9b31-4b7b-96ad-2564017315bf';
const STANDARD_2008_R2 = '68531fb9-5511-4989-97be-d11a0f55633f';
const DATACENTER_2008_R2 = '7482e61b-c589-4b7f-8ecc-46d455ac3b87';
const CHANNEL_2019 = '90c362e5-0da1-4bfd-b53b-b87d309ade43';
const VISIO_2024 = 'fa187091-8246-47b1-964f-80a0b1e5d69a';
const SQL_SERVER = 'c9787455-e322-4ee7-84f9-6584ac3bd9f6';
const WINDOWS_11_SE = 'ca7df2e3-5ea0-47b8-9ac1-b1be4d8edd69';
const PRE_RELEASE = 'fceda083-1203-402a-8ec4-3d7ed9f3648c';

describe('isCovered', () => {
  test.each([
    ['the newest server by its own key', [SERVER_2025], STANDARD_2025, 'yes'],
    ['a newer server by an older key', [SERVER_2022], STANDARD_2025, 'no'],
    ['an older server by a newer key', [SERVER_2025], STANDARD_2022, 'yes'],
    ['a server by a client key', [WINDOWS_10], STANDARD_2022, 'no'],
    ['a client by a client key', [WINDOWS_10], ENTERPRISE, 'yes'],
    ['Windows 10 and 11 by an older key', [SERVER_2016], ENTERPRISE, 'yes'],
    ['a lower group by a higher one', [SERVER_2008_R2_B], STANDARD_2008_R2, 'yes'],
    ['a higher group by a lower one', [SERVER_2008_R2_B], DATACENTER_2008_R2, 'no'],
    ['all releases of a shared id', [SERVER_2025], LTSC, 'yes'],
    ['two releases of three', [SERVER_2022], LTSC, 'some'],
    ['one release, one that is open, one not', [SERVER_2019], LTSC, 'some'],
    ['one release of two', [SERVER_2022], IOT_LTSC, 'some'],
    ['one release open, one not', [SERVER_2019], IOT_LTSC, 'unknown'],
    ['a release that no key of this age covers', [SERVER_2016], LTSC, 'no'],
    ['a release that the source leaves open', [SERVER_2016], CHANNEL_2019, 'unknown'],
    ['releases by several keys together', [SERVER_2022, SERVER_2025], LTSC, 'yes'],
    ['Office by its own key', [SERVER_2022, OFFICE_2024], VISIO_2024, 'yes'],
    ['Office by the key of an older version', [OFFICE_2021], VISIO_2024, 'no'],
    ['Office by a Windows key', [SERVER_2025], VISIO_2024, 'no'],
    ['an Azure edition', [SERVER_2025], AZURE_EDITION, 'no'],
    ['a Home edition', [SERVER_2025, WINDOWS_10], HOME, 'no'],
    ['a Home edition, by a key whose coverage is not known', [SERVER_2022_LAB], HOME, 'unknown'],
    ['a newer server, beside a key that no table has', [SERVER_2022, NEW_ID], STANDARD_2025, 'unknown'],
    ['Office, by a Windows key whose coverage is not known', [SERVER_2022_LAB], VISIO_2024, 'no'],
    ['a server, by a client key whose coverage is not known', [WINDOWS_8_LAB], STANDARD_2022, 'no'],
    ['a product that no table has', [SERVER_2025], NEW_ID, 'unknown'],
    ['a product that is neither Windows nor Office', [SERVER_2025], SQL_SERVER, 'unknown'],
    ['a release that no source on keys names', [SERVER_2025], WINDOWS_11_SE, 'unknown'],
    ['a pre-release', [OFFICE_2024], PRE_RELEASE, 'unknown'],
    ['anything without a key', [], NEW_ID, 'no'],
  ])('%s', (_, keys, product, expected) => {
    expect(isCovered(keys, product)).toBe(expected);
  });
});

describe('keysCovering', () => {
  const named = (product: string) => keysCovering(product).map(({ name, whole }) => [name, whole]);

  it('lists the keys from new to old, and says if they cover all that share the id', () => {
    expect(named(LTSC)).toEqual([
      ['Windows Server 2025 KMS host key', true],
      ['Windows Server 2022 KMS host key', false],
      ['Windows Server 2019 KMS host key', false],
      ['Windows 10 (2019) KMS host key', false],
    ]);
    expect(keysCovering(LTSC)[1]?.releases).toEqual(['Windows 10 LTSC 2019', 'Windows 10 LTSC 2021']);
  });

  it('lists one key for each version of Office', () => {
    expect(named(VISIO_2024)).toEqual([['Office LTSC 2024 KMS host key', true]]);
  });

  it.each([HOME, AZURE_EDITION, SQL_SERVER, NEW_ID])('has none for %s', (product) => {
    expect(keysCovering(product)).toEqual([]);
  });
});

it('only has keys with a name', () => {
  for (const key of HOST_KEY_COVERAGE.keys()) expect(HOST_KEYS.has(key)).toBe(true);
});
