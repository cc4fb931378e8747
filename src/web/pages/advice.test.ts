import { expect, it } from 'vitest';
import { CATALOGUE } from '../../conditions/catalogue.ts';
import { advice } from './advice.ts';

it.each([
  [
    'kmswatch leases --state expiring lists them, and kmswatch explain CLIENT says why.',
    '<a href="/leases?state=expiring">kmswatch leases --state expiring</a> lists them, and kmswatch explain CLIENT says why.',
  ],
  [
    'kmswatch leases --host kms01.example --class server --format csv lists them: those with retrying true.',
    '<a href="/leases.csv?host=kms01.example&amp;class=server">kmswatch leases --host kms01.example --class server --format csv</a> lists them: those with retrying true.',
  ],
  [
    'see kmswatch leases --silent-for 30d.',
    'see <a href="/leases?silent_for=30d">kmswatch leases --silent-for 30d</a>.',
  ],
  [
    'kmswatch keys --product "Office LTSC 2024" names the key',
    '<a href="/keys?product=Office+LTSC+2024">kmswatch keys --product &quot;Office LTSC 2024&quot;</a> names the key',
  ],
  ['kmswatch leases --duplicate and more', '<a href="/clones">kmswatch leases --duplicate</a> and more'],
  [
    'kmswatch machines --verdict not_renewing, <b>',
    '<a href="/machines?verdict=not_renewing">kmswatch machines --verdict not_renewing</a>, &lt;b&gt;',
  ],
  ['kmswatch leases --host HOST --class CLASS', 'kmswatch leases --host HOST --class CLASS'],
  ['Restart sppsvc.', 'Restart sppsvc.'],
])('leads from %s to the list', (text, link) => {
  expect(advice(text).text).toBe(link);
});

it('knows each option of the commands that the conditions advise', () => {
  const remedies = CATALOGUE.map(({ remedy }) => remedy.replaceAll(/\{\{[^}]*\}\}/g, 'x'));
  const lists = remedies.filter((text) => /kmswatch (?:leases|machines|keys|forecast)/.test(text));
  expect(lists.length).toBeGreaterThan(5);
  for (const text of lists) expect(advice(text).text).not.toMatch(/<\/a> --/);
});
