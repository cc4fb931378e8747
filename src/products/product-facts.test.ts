import { describe, expect, it, test } from 'vitest';
import { HOST_KEYS } from './host-keys.ts';
import { OFFICE } from './office.ts';
import { OTHER_PRODUCTS } from './other-products.ts';
import { PRE_RELEASES } from './pre-releases.ts';
import { factsOf, PRODUCT_FACTS, supportEnds } from './product-facts.ts';
import { RELEASES } from './releases.ts';
import { WINDOWS_CLIENTS } from './windows-clients.ts';
import { WINDOWS_SERVERS } from './windows-servers.ts';

const GROUPS = [...WINDOWS_CLIENTS, ...WINDOWS_SERVERS, ...OFFICE, ...PRE_RELEASES];

describe('the tables', () => {
  const names = [
    ...GROUPS.flatMap(({ products }) => Object.entries(products)),
    ...OTHER_PRODUCTS,
    ...[...HOST_KEYS].map(([id, { name }]) => [id, name] as const),
  ];

  it('name each id once, and no two alike', () => {
    expect(PRODUCT_FACTS.size).toBe(names.length);
    expect(new Set(names.map(([, name]) => name)).size).toBe(names.length);
  });

  it('have ids in lower case and names without marketing codes', () => {
    for (const [id, name] of names) {
      expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(name).not.toMatch(/GVLK|CSVLK|Volume|RTM|VL_|_KMS/);
    }
  });

  it('have a product for each release, and a day for its end that exists', () => {
    expect(new Set(GROUPS.flatMap(({ releases }) => releases))).toEqual(new Set(Object.keys(RELEASES)));
    for (const day of Object.values(RELEASES)) {
      if (day !== undefined) expect(new Date(`${day}T00:00:00Z`).toISOString()).toBe(`${day}T00:00:00.000Z`);
    }
  });
});

describe('factsOf', () => {
  test.each([
    ['73111121-5638-40f6-bc11-f1d7b0d64300', 'client', 25, undefined],
    ['58e97c99-f377-4ef1-81d5-4ad5522b5fd8', 'client', 25, 'home'],
    ['903663f7-d2ab-49c9-8942-14aa9e0a9c72', 'client', 25, 'home'],
    ['c2e946d1-cfa2-4523-8c87-30bc696ee584', 'server', 5, 'azure'],
    ['ec868e65-fadf-4759-b23e-93fe37f2cc29', 'client', 25, 'azure'],
    ['fa187091-8246-47b1-964f-80a0b1e5d69a', 'office', 5, undefined],
    ['84e331f6-4279-48c4-ab10-b75139181351', 'server', undefined, undefined],
    ['c9787455-e322-4ee7-84f9-6584ac3bd9f6', 'unknown', undefined, undefined],
  ])('%s is of class %s and needs %s', (id, productClass, nPolicy, kind) => {
    expect(factsOf(id)).toMatchObject({ class: productClass, nPolicy });
    expect(factsOf(id)?.kind).toBe(kind);
  });

  it('knows nothing of other ids', () => {
    expect(factsOf('11111111-2222-3333-4444-555555555555')).toBeUndefined();
  });
});

describe('supportEnds', () => {
  it('has a day for each release that shares an id', () => {
    expect([...supportEnds('32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee')]).toEqual([
      ['Windows 10 LTSC 2019', '2029-01-09'],
      ['Windows 10 LTSC 2021', '2027-01-12'],
      ['Windows 11 LTSC 2024', '2029-10-09'],
    ]);
    expect([...supportEnds('73111121-5638-40f6-bc11-f1d7b0d64300')]).toEqual([
      ['Windows 10', '2025-10-14'],
      ['Windows 11', undefined],
    ]);
  });

  it('has none for what is not known', () => {
    expect(supportEnds('11111111-2222-3333-4444-555555555555').size).toBe(0);
  });
});
