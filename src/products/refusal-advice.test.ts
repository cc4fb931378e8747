import { expect, it, test } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { refusalAdvice } from './refusal-advice.ts';

const SERVER_2025 = '84e331f6-4279-48c4-ab10-b75139181351';
const SERVER_2022 = '661f7658-7035-4b4c-9f35-010682943ec2';
const OFFICE_2021 = '47f3b983-7c53-4d45-abc6-bcd91e2dd90a';
const LTSC = '32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee';
const STANDARD_2025 = '7dc26449-db21-4e09-ba37-28f2958506a6';
const PROPLUS_2024 = '8d368fc1-9470-4be2-8d66-90e836cbb051';
const HOME = '58e97c99-f377-4ef1-81d5-4ad5522b5fd8';
const AZURE_EDITION = 'c2e946d1-cfa2-4523-8c87-30bc696ee584';
const NEW_ID = '11111111-2222-3333-4444-555555555555';

function host(number: number, os: string | undefined, ...keys: readonly string[]) {
  return { host: hostName(`kms0${number}`), os, keys };
}

const ON_2022 = host(1, 'Windows Server 2022 Standard', SERVER_2022);

it('names the key, the update, and the host that can take it', () => {
  const { meaning, remedy } = refusalAdvice(STANDARD_2025, ON_2022, [ON_2022]);
  expect(meaning).toBe('');
  expect(remedy).toMatch(
    /^kms01 needs the Windows Server 2025 KMS host key, which its Windows can take after KB5034770 or a later update\. Install/,
  );
});

it('names another host that can take the key, when the one that refuses is too old', () => {
  const old = host(1, 'Windows Server 2012', SERVER_2022);
  const { remedy } = refusalAdvice(STANDARD_2025, old, [old, host(2, 'Windows Server 2022 Standard', SERVER_2022)]);
  expect(remedy).toContain(
    'kms01 needs the Windows Server 2025 KMS host key, but its Windows is too old for this key.',
  );
  expect(remedy).toContain('kms02 needs the Windows Server 2025 KMS host key, which its Windows can take after KB');
});

it('names the host that has the key', () => {
  const { remedy } = refusalAdvice(STANDARD_2025, ON_2022, [ON_2022, host(2, undefined, SERVER_2025)]);
  expect(remedy).toMatch(/^kms02 has a key that covers it: send these clients there\. Otherwise kms01 needs/);
});

it('sends nobody to a host whose key is not activated, before it is', () => {
  const inactive = { ...host(2, undefined, SERVER_2025), inactive: [SERVER_2025] };
  const { remedy } = refusalAdvice(STANDARD_2025, ON_2022, [ON_2022, inactive]);
  expect(remedy).toMatch(/^kms02 has a key that covers it, but it is not activated: run slmgr \/ato there/);
  const other = host(3, undefined, SERVER_2025);
  const { remedy: better } = refusalAdvice(STANDARD_2025, ON_2022, [ON_2022, inactive, other]);
  expect(better).toMatch(/^kms03 has a key that covers it: send these clients there\. Otherwise kms01 needs/);
});

it('does not advise to install a key that no host can take', () => {
  const old = host(1, 'Windows Server 2012', SERVER_2022);
  const { remedy } = refusalAdvice(STANDARD_2025, old, [old]);
  expect(remedy).toContain('too old for this key. No known host can take it');
  expect(remedy).not.toContain('slmgr');
  const { remedy: there } = refusalAdvice(STANDARD_2025, old, [old, host(2, undefined, SERVER_2025)]);
  expect(there).toBe('kms02 has a key that covers it: send these clients there.');
});

it('asks for the Office of that version and its pack', () => {
  const { remedy } = refusalAdvice(PROPLUS_2024, host(1, 'Windows Server 2022 Standard', SERVER_2025, OFFICE_2021), []);
  expect(remedy).toContain(
    'needs the Office LTSC 2024 KMS host key, which its Windows can take after the Office LTSC 2024 Volume License Pack.',
  );
  expect(remedy).toMatch(/slmgr \/ato f3d89bbf-c0ec-47ce-a8fa-e5a5f97e447f\.$/);
});

it('tells releases that share an activation id apart by the keys of the host that refused one', () => {
  const { meaning, remedy } = refusalAdvice(LTSC, ON_2022, [ON_2022]);
  expect(meaning).toContain('so this is Windows 11 LTSC 2024.');
  expect(remedy).toContain('Windows Server 2025 KMS host key');
});

test.each([
  [HOME, 'KMS never activates a Home edition: somebody ran an activation script on this machine', 'No host key helps.'],
  [AZURE_EDITION, 'Only Azure activates this edition', 'azkms.core.windows.net'],
  [NEW_ID, 'kmswatch does not know this product.', 'KMS activation planning'],
])('says what a request for %s means', (activationId, meaning, remedy) => {
  const advice = refusalAdvice(activationId, ON_2022, [ON_2022, host(2, undefined, SERVER_2025)]);
  expect(advice.meaning).toContain(meaning);
  expect(advice.remedy).toContain(remedy);
});

it('does not advise a key that the host has', () => {
  const { meaning, remedy } = refusalAdvice(STANDARD_2025, host(1, undefined, SERVER_2025), []);
  expect(meaning).toContain('kms01 has a key that covers this product');
  expect(remedy).not.toContain('Install');
});

it('names a key for a host of which nothing is known', () => {
  const { remedy } = refusalAdvice(STANDARD_2025, host(1, undefined), []);
  expect(remedy).toContain('needs the Windows Server 2025 KMS host key; whether its Windows can take it is not known.');
});
