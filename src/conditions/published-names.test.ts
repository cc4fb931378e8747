import { expect, test } from 'vitest';
import { doubledDomain } from './published-names.ts';

test.each([
  ['kms01.rel.example.com.rel.example.com', 'rel.example.com', 'kms01.rel.example.com'],
  ['kms01.rel.example.com.example.com', 'example.com', 'kms01.rel.example.com'],
  ['kms01.example.com.rel.example.com', 'example.com', 'kms01.example.com'],
  ['kms01.lan.lan', 'lan', 'kms01.lan'],
])('%s has %s twice', (name, domain, meant) => {
  expect(doubledDomain(name)).toEqual({ domain, meant });
});

test.each(['kms01.example.com', 'kms01', 'com.com', 'a.b.a.b', 'test.kms.test', 'com.example.com', ''])(
  '%s is as it may be',
  (name) => {
    expect(doubledDomain(name)).toBeUndefined();
  },
);
