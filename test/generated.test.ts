import { expect, test } from 'vitest';
import { committed, GENERATED } from './support/generated.ts';

test.each(Object.entries(GENERATED))('%s is what npm run docs makes', (name, make) => {
  expect(committed(name)).toBe(make());
});
