import { describe, expect, it, test } from 'vitest';
import { explainResult, formatHresult, RESULT_LABELS, resultOf } from './activation-result.ts';
import { productOf } from './product.ts';

const NONE = new Map();
const NEW_ID = '11111111-2222-3333-4444-555555555555';

describe('productOf', () => {
  test.each([
    ['73111121-5638-40f6-bc11-f1d7b0d64300', 'Windows 10/11 Enterprise', 'client', 'windows'],
    ['ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03', 'Windows Server 2022 Datacenter', 'server', 'windows'],
    ['de32eafd-aaee-4662-9444-c1befb41bde2', 'Windows Server 2019 Standard', 'server', 'windows'],
    ['fbdb3e18-a8ef-4fb3-9183-dffd60bd0984', 'Office LTSC 2021 Professional Plus', 'office', 'office'],
    ['bbac904f-6a7e-418a-bb4b-24c85da06187', 'Office LTSC 2024 Standard', 'office', 'office'],
    [
      'e4db50ea-bda1-4566-b047-0ca50abc6f07',
      'Windows 10 Enterprise multi-session, versions 1709 and 1803',
      'client',
      'windows',
    ],
    ['d450596f-894d-49e0-966a-fd39ed4c4c64', 'Office 2016 Professional Plus', 'office', 'office'],
    ['70512334-47b4-44db-a233-be5ea33b914c', 'Office 2019 KMS host key', 'office', 'office'],
  ])('%s is %s', (id, name, productClass, pool) => {
    expect(productOf(id, 5, NONE)).toEqual({ name, class: productClass, pool, known: true });
  });

  it('takes an id that no table has for a client when it needs 25, and guesses nothing else', () => {
    expect(productOf(NEW_ID, 25, NONE)).toEqual({ name: undefined, class: 'client', pool: 'windows', known: false });
    expect(productOf(NEW_ID, 5, NONE)).toEqual({ name: undefined, class: 'unknown', pool: undefined, known: false });
  });

  it.each([5, 25])('names what is neither Windows nor Office, and gives it no class even if it needs %i', (nPolicy) => {
    expect(productOf('c9787455-e322-4ee7-84f9-6584ac3bd9f6', nPolicy, NONE)).toEqual({
      name: 'SQL Server 2012 Enterprise',
      class: 'unknown',
      pool: undefined,
      known: true,
    });
  });

  it('believes the configuration before its own tables', () => {
    const configured = new Map([['73111121-5638-40f6-bc11-f1d7b0d64300', { name: 'Desk', class: 'office' as const }]]);
    expect(productOf('73111121-5638-40f6-bc11-f1d7b0d64300', 5, configured)).toEqual({
      name: 'Desk',
      class: 'office',
      pool: 'office',
      known: true,
    });
  });
});

describe('results', () => {
  test.each([
    [0, 'ok', '0x0'],
    [0xc004f038, 'sl_e_vl_not_enough_count', '0xC004F038'],
    [0xc004f06c, 'sl_e_vl_invalid_timestamp', '0xC004F06C'],
    [0x8007232b, 'other', '0x8007232B'],
    [1, 'other', '0x00000001'],
  ])('%i is %s', (hresult, label, text) => {
    expect(resultOf(hresult)).toBe(label);
    expect(formatHresult(hresult)).toBe(text);
    expect(explainResult(hresult).meaning).not.toBe('');
  });

  it('have labels that fit a metric', () => {
    for (const label of RESULT_LABELS) expect(label).toMatch(/^[a-z0-9_]+$/);
  });
});
