import { expect, test } from 'vitest';
import { type Serving, serves } from './serving.ts';

const NOTHING = {
  configured: undefined,
  clients: 0,
  hasLease: false,
  hasRecords: false,
  keyClasses: [],
  hadMany: () => false,
} satisfies Serving;

test.each([
  ['nothing known', {}, 'client', false],
  ['its configuration', { configured: ['office'], clients: 9 }, 'client', false],
  ['its configuration, for that class', { configured: ['client'] }, 'client', true],
  ['one client', { clients: 1, hasRecords: true, keyClasses: ['client'], hadMany: () => true }, 'client', false],
  ['two clients', { clients: 2 }, 'client', true],
  ['an unexpired lease', { hasLease: true }, 'office', true],
  ['its keys', { keyClasses: ['client', 'server'] }, 'server', true],
  ['its keys, for a class that they do not cover', { keyClasses: ['server'] }, 'office', false],
  ['its keys, and few clients', { keyClasses: ['client', 'server'] }, 'client', false],
  ['its keys, and many clients', { keyClasses: ['client', 'server'], hadMany: () => true }, 'client', true],
] satisfies [string, Partial<Serving>, 'client' | 'server' | 'office', boolean][])('by %s', (_, facts, cls, served) => {
  expect(serves({ ...NOTHING, ...facts }, cls)).toBe(served);
});
