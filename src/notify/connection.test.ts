import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DIRECT, openConnection } from './connection.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-connection-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('uses the old certificate and the old key until both can be read', async () => {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const open = async () => {
    const opened = await openConnection({ ...DIRECT, cert, key });
    return opened.ok ? `${opened.value.tls.cert} ${opened.value.tls.key}` : opened.error;
  };
  await writeFile(cert, 'cert 1');
  expect(await open()).toMatch(/^cannot read key_file /);
  await writeFile(key, 'key 1');
  expect(await open()).toBe('cert 1 key 1');
  await writeFile(cert, 'cert 2');
  await rm(key);
  expect(await open()).toBe('cert 1 key 1');
  await writeFile(key, 'key 2');
  expect(await open()).toBe('cert 2 key 2');
});
