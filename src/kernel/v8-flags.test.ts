import { expect, test } from 'vitest';
import { knownFlags } from './v8-flags.ts';

test('this V8 is a known one', () => {
  expect(knownFlags(['--a-flag'], process.versions.v8)).toEqual(['--a-flag']);
});

test.each(['12.4.254.21-node.33', '14.6.202.33-node.12', '15.0.1'])('none is set for V8 %s', (version) => {
  expect(knownFlags(['--a-flag'], version)).toEqual([]);
});
