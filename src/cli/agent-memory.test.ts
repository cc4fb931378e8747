import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { MEMORY_FLAGS } from './agent-memory.ts';

test('this V8 knows every flag that is set', () => {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  const names = MEMORY_FLAGS.map((flag) => flag.replace(/^--(no-)?/, '--').replace(/=.*$/, ''));
  expect(names.filter((name) => !new RegExp(`^ +${name} `, 'm').test(known))).toEqual([]);
});
