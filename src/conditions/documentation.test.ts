import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DOCUMENTATION } from './documentation.ts';

it('is read where package.json says that the project is', () => {
  const { repository, homepage } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const project = DOCUMENTATION.replace('/blob/main/', '');
  expect([repository.url, homepage]).toEqual([`git+${project}.git`, `${project}#readme`]);
});
