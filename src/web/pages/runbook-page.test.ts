import { expect, it } from 'vitest';
import { CATALOGUE } from '../../conditions/catalogue.ts';
import { runbookMain, runbooksMain } from './runbook-page.ts';

it.each(CATALOGUE.map(({ name }) => name))('has a page for %s, and lists it', (name) => {
  const page = runbookMain(name)?.text ?? '';
  expect(page).toContain(`<h1>${name} `);
  expect(page).not.toContain('`');
  expect(runbooksMain().text).toContain(`href="/runbooks/${name}"`);
});

it('has none for what is no condition', () => {
  expect(runbookMain('Kms')).toBeUndefined();
});
