import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../test/peers/temporary-folder.ts';
import { makeCertificate } from '../../test/support/certificates.ts';
import { TlsContexts } from './tls-contexts.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
  await makeCertificate(folder, 'client', { use: 'client' });
});
afterAll(() => folder.remove());

it('uses the old certificate and the old key until both can be read', async () => {
  const [certFile, keyFile] = [join(folder.path, 'client.pem'), join(folder.path, 'client.key')];
  const contexts = new TlsContexts();
  const idOf = async (from = contexts) => {
    const context = await from.get({ caFile: undefined, certFile, keyFile });
    return context.ok ? context.value.id : context.error;
  };
  const first = await idOf();
  await makeCertificate(folder, 'client', { use: 'client' });
  await rename(keyFile, `${keyFile}.away`);
  expect(await idOf()).toBe(first);
  expect(await idOf(new TlsContexts())).toMatch(/^cannot read the key of the client certificate in /);
  await rename(`${keyFile}.away`, keyFile);
  expect(await idOf()).not.toBe(first);
});
