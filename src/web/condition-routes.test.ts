import { expect, it } from 'vitest';
import { app } from '../../test/support/web-app.ts';

it('gives conditions as JSON', async () => {
  const response = await app().inject('/api/v1/conditions');
  const { conditions } = response.json();
  expect(conditions.map(({ name }: { name: string }) => name)).toEqual(['KmsHostDown', 'KmsSrvRecordUnexpected']);
  expect(conditions[0]).toEqual({
    name: 'KmsHostDown',
    severity: 'warning',
    subject: { domain: 'corp.example', host: 'rogue.corp.example', port: '1689' },
    since: '1970-01-01T00:00:00.000Z',
    firing: false,
    summary: 'rogue.corp.example:1689 is not up: test: refused',
    value: null,
    limit: null,
    runbook: 'http://agent.example:11688/runbooks/KmsHostDown',
    explained_by: null,
  });
});
