import { expect, it } from 'vitest';
import { ConfigSchema } from '../config/schema.ts';
import { externalUrl, linksOf, publicPaths } from './external-url.ts';

const NAME = 'mon01.corp.example';

it.each([
  [[':11688'], 'https', 'https://mon01.corp.example:11688/'],
  [['[::]:11688'], 'http', 'http://mon01.corp.example:11688/'],
  [['10.0.0.7:8080', '127.0.0.1:11688'], 'http', 'http://mon01.corp.example:8080/'],
  [['127.0.0.1:11688', '10.0.0.7:8080'], 'http', 'http://mon01.corp.example:8080/'],
  [['127.0.0.1:11688'], 'http', 'http://127.0.0.1:11688/'],
  [['[::1]:11688'], 'https', 'https://[::1]:11688/'],
  [['localhost:11688'], 'http', 'http://localhost:11688/'],
  [['0.0.0.0:443'], 'https', 'https://mon01.corp.example:443/'],
])('an agent at %j is read over %s at %s', (addresses, scheme, url) => {
  expect(externalUrl({ addresses, scheme }, NAME)).toBe(url);
});

it('is read where the configuration says', () => {
  const { web } = ConfigSchema.parse({ web: { external_url: 'https://mon.corp.example/kms' } });
  expect(linksOf({ web }, { addresses: [':11688'], scheme: 'http' })).toEqual({
    pages: 'https://mon.corp.example/kms/',
  });
  expect(publicPaths({ web })).toEqual({ root: '/kms/', telemetry: '/metrics' });
});
