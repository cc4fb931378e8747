import { expect, test } from 'vitest';
import { inferredOffice, type ProductRequest } from './inferred-office.ts';

const OPEN: ProductRequest = { activationId: 'x', cls: 'unknown', isOpen: true };
const OTHER: ProductRequest = { activationId: 'y', cls: 'unknown', isOpen: true };
const WINDOWS: ProductRequest = { activationId: 'w', cls: 'client', isOpen: false };

test.each([
  ['before and after Windows', [OPEN, WINDOWS, OPEN], ['x']],
  ['only before', [OPEN, OPEN, WINDOWS], []],
  ['only after', [WINDOWS, OPEN, OPEN], []],
  ['two products', [OPEN, OTHER, WINDOWS, OTHER, OPEN], ['y', 'x']],
  ['what is Windows by another N-policy of the same product', [OPEN, { ...WINDOWS, activationId: 'x' }, OPEN], []],
] satisfies [string, ProductRequest[], string[]][])('%s', (_, requests, office) => {
  expect([...inferredOffice(requests)]).toEqual(office);
});
