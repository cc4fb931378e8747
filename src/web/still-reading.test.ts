import { expect, test } from 'vitest';
import { readingSince, records } from '../../test/support/records.ts';
import { app } from '../../test/support/web-app.ts';

test.each(['/', '/machines', '/leases', '/keys', '/clones', '/forecast', '/report'])(
  'GET %s says whose log is still being read',
  async (url) => {
    const logs = () => readingSince(records(86_400), 86_400 - 10);
    expect((await app({ logs }).inject(url)).body).toContain(
      'Still reading the log of kms01.corp.example, so far until',
    );
    expect((await app().inject(url)).body).not.toContain('Still reading');
  },
);

test.each(['leases', 'forecast', 'machines', 'keys', 'report', 'hosts', 'conditions'])(
  'GET /api/v1/%s says whose log is still being read, and until when',
  async (name) => {
    const logs = () => readingSince(records(86_400), 86_400 - 10);
    expect((await app({ logs }).inject(`/api/v1/${name}`)).json()).toMatchObject({
      reading: [{ host: 'kms01.corp.example', until: '1970-01-01T23:59:00Z' }],
    });
  },
);
