import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDirectory } from '../../src/directory/read-directory.ts';
import type { DirectoryLogin } from '../../src/directory/types.ts';
import { DAY_S, millis, seconds } from '../../src/kernel/time.ts';
import { TlsContexts } from '../../src/winrm/tls-contexts.ts';
import { type OpenLdap, startOpenLdap } from '../peers/openldap.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { computerEntry, domainEntry } from '../support/directory-entries.ts';

const NOW = seconds(Math.floor(Date.UTC(2026, 10, 28) / 1000));

const ENTRIES = [
  'dn: DC=corp,DC=test\nobjectClass: domain\n\n',
  ...['CN=Computers', 'CN=Configuration', 'CN=Partitions,CN=Configuration'].map(
    (name) => `dn: ${name},DC=corp,DC=test\nobjectClass: container\n\n`,
  ),
  computerEntry('corp.test', { name: 'ws1', seen: NOW - DAY_S }),
  domainEntry('corp.test', 'emea.corp.test'),
];

// Samba knows no SASL EXTERNAL, and answers nobody without a login.
describeWithPeers('OpenLDAP', ['slapd', 'openssl'], () => {
  let server: OpenLdap;

  beforeAll(async () => {
    server = await startOpenLdap(ENTRIES.join(''));
  });

  afterAll(() => server?.stop());

  test('takes a client certificate as the login (SASL EXTERNAL)', async () => {
    const read = await ask(server, certificateOf(server, 'client'));

    if (!read.ok) throw new Error(read.error);
    expect(read.value.machines?.machines).toMatchObject([{ machine: 'ws1.corp.test', seen: NOW - DAY_S }]);
    expect(read.value.domains).toEqual(['emea.corp.test']);
    expect(read.value.activationObjects).toEqual([]);
  });

  test('has nothing for anybody else', async () => {
    expect(await ask(server, { kind: 'anonymous' })).toMatchObject({
      ok: false,
      error: expect.stringMatching(/no such part|may not read/),
    });
  });

  test('rejects a certificate that it does not know, and says so', async () => {
    expect(await ask(server, certificateOf(server, 'stranger'))).toMatchObject({
      ok: false,
      error: expect.stringMatching(/client certificate|authority of cert_file/),
    });
  });
});

function certificateOf({ folder }: OpenLdap, name: string): DirectoryLogin {
  return { kind: 'certificate', certFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) };
}

function ask({ url, folder }: OpenLdap, login: DirectoryLogin) {
  const limits = { answer: millis(30_000), all: millis(60_000) };
  const { signal } = new AbortController();
  const parts = { machines: true, domains: true, activationObjects: true };
  const connection = { url, caFile: join(folder, 'ca.pem'), login };
  return readDirectory(connection, parts, { tls: new TlsContexts(), limits, signal, now: NOW });
}
