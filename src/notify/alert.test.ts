import { expect, it } from 'vitest';
import { openCondition } from '../../test/support/conditions.ts';
import { alertOf, onePerFault } from './alert.ts';

function leases(cls: string, count: number) {
  return alertOf(
    openCondition('', {
      name: 'KmsLeasesExpiring',
      subject: { class: cls },
      summary: `${count} leases of ${cls} expire`,
    }),
  );
}

it('tells of one fault of several classes once, with the words of each', () => {
  const [only, ...more] = onePerFault([leases('client', 3), leases('office', 4)]);
  expect(more).toEqual([]);
  expect(only?.summary).toBe('3 leases of client expire; 4 leases of office expire');
  expect(only?.labels).toMatchObject({ alertname: 'KmsLeasesExpiring', class: 'client, office' });
});

it('tells of one host in several domains once, in the same words', () => {
  const alerts = ['a.example', 'b.example'].map((domain) =>
    alertOf(openCondition('kms01', { subject: { host: 'kms01', port: '1688', domain }, summary: 'kms01 is not up' })),
  );
  expect(onePerFault(alerts)).toMatchObject([
    { summary: 'kms01 is not up', labels: { host: 'kms01', domain: 'a.example, b.example' } },
  ]);
});
