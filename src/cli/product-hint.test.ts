import { expect, it } from 'vitest';
import { productNames } from '../products/product.ts';
import { productHint } from './product-hint.ts';

it('offers the nearest names of a product that nobody knows', () => {
  expect(productHint('windows 11 enterprize', productNames())).toContain('Windows 10/11 Enterprise\n');
  expect(productHint('nosuch', productNames())?.split('\n')).toHaveLength(7);
});

it('is silent about a product that is known', () => {
  expect(productHint('WINDOWS SERVER 2022 DATACENTER', productNames())).toBeUndefined();
  expect(productHint('2022 datacenter', productNames())).toBeUndefined();
});
