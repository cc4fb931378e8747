import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../test/store/default-settings.ts';
import { ACCESS, NOBODYS, PRO, SERVER } from '../../test/store/store-in-memory.ts';
import { ProductCatalogue } from './product-catalogue.ts';

it('names products by the tables, and others by their activation id', () => {
  const catalogue = new ProductCatalogue(DEFAULT_SETTINGS);
  expect(catalogue.nameOf(PRO)).toBe('Windows 10/11 Pro');
  expect(catalogue.nameOf(NOBODYS)).toBe(NOBODYS);
  expect([PRO, NOBODYS].map((id) => catalogue.isNamed(id))).toEqual([true, false]);
});

it('guesses the class of what no table names by its N-policy, and of nothing else', () => {
  const catalogue = new ProductCatalogue(DEFAULT_SETTINGS);
  expect([25, 5].map((n) => catalogue.classOf(NOBODYS, n))).toEqual(['client', 'unknown']);
  expect([SERVER, ACCESS].map((id) => catalogue.classOf(id, 5))).toEqual(['server', 'office']);
});

it('takes what asks with 25 for no Server and no Office, whatever a table says', () => {
  const catalogue = new ProductCatalogue(DEFAULT_SETTINGS);
  expect([SERVER, ACCESS].map((id) => catalogue.classOf(id, 25))).toEqual(['client', 'client']);
});

it('takes a product of no table for Office once requests have shown it', () => {
  const catalogue = new ProductCatalogue(DEFAULT_SETTINGS);
  catalogue.inferOffice([NOBODYS]);
  expect([5, 25].map((n) => catalogue.classOf(NOBODYS, n))).toEqual(['office', 'client']);
  expect([catalogue.isOpen(NOBODYS, 5), catalogue.isOpen(NOBODYS, 25), catalogue.isOpen(PRO, 5)]).toEqual([
    true,
    false,
    false,
  ]);
});

it('derives no class of what no table names, whatever it may be guessed to be', () => {
  const catalogue = new ProductCatalogue(DEFAULT_SETTINGS);
  expect([PRO, NOBODYS].map((id) => catalogue.derivedClass(id))).toEqual(['client', '']);
});

it('knows a product by the new configuration as soon as it has it', () => {
  const catalogue = new ProductCatalogue(DEFAULT_SETTINGS);
  expect(catalogue.nameOf(NOBODYS)).toBe(NOBODYS);
  catalogue.configure({
    ...DEFAULT_SETTINGS,
    products: [{ activationId: NOBODYS, name: 'Kiosk', cls: 'office' }],
  });
  expect([catalogue.nameOf(NOBODYS), catalogue.classOf(NOBODYS, 5)]).toEqual(['Kiosk', 'office']);
  catalogue.configure(DEFAULT_SETTINGS);
  expect(catalogue.nameOf(NOBODYS)).toBe(NOBODYS);
});
