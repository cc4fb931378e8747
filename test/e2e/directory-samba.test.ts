import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readDirectory } from '../../src/directory/read-directory.ts';
import type { DirectoryConnection } from '../../src/directory/types.ts';
import { ok } from '../../src/kernel/result.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { DAY_S, millis, seconds } from '../../src/kernel/time.ts';
import { TlsContexts } from '../../src/winrm/tls-contexts.ts';
import { type DomainController, PASSWORD, startDomainController } from '../peers/domain-controller.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { startAgent } from '../support/agent.ts';
import { makeCertificate } from '../support/certificates.ts';
import {
  activationContainers,
  activationObjectEntry,
  computerEntry,
  domainEntry,
} from '../support/directory-entries.ts';

const NOW = seconds(Math.floor(Date.UTC(2026, 10, 28) / 1000));
const ALL = { machines: true, domains: true, activationObjects: true };
const SERVER_2022 = '661f7658-7035-4b4c-9f35-010682943ec2';

describeWithPeers(
  'A domain controller of Samba',
  ['root', 'samba', 'samba-provision', 'samba-tool', 'ldbadd', 'openssl'],
  () => {
    let controller: DomainController;

    beforeAll(async () => {
      controller = await startDomainController();
      await controller.add(
        [
          computerEntry('corp.test', { name: 'ws1', seen: NOW - 3 * DAY_S }),
          computerEntry('corp.test', { name: 'stale', seen: NOW - 200 * DAY_S }),
          computerEntry('corp.test', { name: 'off', seen: NOW - 5 * DAY_S, disabled: true }),
          computerEntry('corp.test', { name: 'new' }),
          computerEntry('corp.test', { name: 'linux1', system: 'Ubuntu' }),
          computerEntry('corp.test', { name: 'scrapped', seen: NOW - 9 * DAY_S }),
          domainEntry('corp.test', 'emea.corp.test'),
          domainEntry('corp.test', 'apac.example'),
          activationContainers('corp.test'),
          activationObjectEntry('corp.test', '3b1d', 'Windows Server 2022', SERVER_2022),
          activationObjectEntry('corp.test', '77aa', 'Windows Server 2022', SERVER_2022),
          activationObjectEntry('corp.test', 'office', 'Bürosoftware', 'f3d89bbf-c0ec-47ce-a8fa-e5a5f97e447f'),
        ].join(''),
      );
      await controller.remove('CN=scrapped,CN=Computers,DC=corp,DC=test');
    });

    afterAll(() => controller?.stop());

    test('names its computers, the domains of the forest and its activation objects', async () => {
      const read = await ask(controller);

      if (!read.ok) throw new Error(read.error);
      const machines = read.value.machines?.machines.map(({ machine, seen, disabled }) => [machine, seen, disabled]);
      expect(machines?.toSorted()).toEqual([
        ['new.corp.test', null, false],
        ['off.corp.test', NOW - 5 * DAY_S, true],
        ['scrapped.corp.test', null, true],
        ['stale.corp.test', NOW - 200 * DAY_S, false],
        ['ws1.corp.test', NOW - 3 * DAY_S, false],
      ]);
      expect(read.value.machines?.leftOut).toMatchObject([{ reason: 'not_windows', count: 2 }]);
      expect(read.value.domains).toEqual(['apac.example', 'corp.test', 'emea.corp.test']);
      expect(read.value.activationObjects).toEqual([
        { name: 'Bürosoftware', activationId: 'f3d89bbf-c0ec-47ce-a8fa-e5a5f97e447f', partialKey: 'T84K8' },
        { name: 'Windows Server 2022 (3b1d)', activationId: SERVER_2022, partialKey: 'T84K8' },
        { name: 'Windows Server 2022 (77aa)', activationId: SERVER_2022, partialKey: 'T84K8' },
      ]);
    });

    test('names the computers of the forest at its global catalog', async () => {
      const read = await ask(controller, { url: `${controller.url}:3269` });

      expect(read.ok && read.value.machines?.machines.map(({ machine }) => machine)).toContain('ws1.corp.test');
    });

    test('tells an agent which domains to look up, and what nobody expects', async () => {
      const folder = await temporaryFolder();
      await folder.write('ad.password', PASSWORD);
      const directory = [
        `url: "${controller.url}", auth: simple, bind_dn: administrator@corp.test, password_file: ad.password`,
        `ca_file: ${controller.caFile}, expected_objects: ["Bürosoftware", "Windows Server 2022 (3b1d)"]`,
      ];
      const agent = await startAgent({
        folder,
        config: `{discovery: {domains: [forest, own.test], servers: ["127.0.0.1:9"], timeout: 50ms, attempts: 1},
        probe: {schedule: "* * * * *"}, inventory: {directory: {${directory.join(', ')}}}}`,
      });
      try {
        const domains = async () => {
          const { domains } = z
            .object({ domains: z.array(z.object({ domain: z.string() })) })
            .parse(await (await fetch(`${agent.url}/api/v1/discovery`)).json());
          return domains.map(({ domain }) => domain).sort();
        };
        await expect.poll(domains).toEqual(['apac.example', 'corp.test', 'emea.corp.test', 'own.test']);
        await expect
          .poll(agent.metrics)
          .toContain('kms_activation_object_unexpected{object="Windows Server 2022 (77aa)"} 1');
        await expect.poll(agent.metrics).toContain('kms_inventory_up{source="directory"} 1');
        const page = await agent.metrics();
        expect(page).toContain(
          'kms_activation_object_info{object="Bürosoftware",key="Office LTSC 2024 KMS host key"} 1',
        );
        expect(page).not.toContain('unexpected{object="Windows Server 2022 (3b1d)"}');
      } finally {
        await agent.stop();
      }
    });

    test('is read in pages', async () => {
      const many = Array.from({ length: 2100 }, (_, index) =>
        computerEntry('corp.test', { name: `many${index}`, seen: NOW }),
      );
      await controller.add(many.join(''));

      const read = await ask(controller, {}, { ...ALL, domains: false, activationObjects: false });

      expect(read.ok && read.value.machines?.machines.length).toBeGreaterThan(2100);
      expect(read.ok && read.value.domains).toBeUndefined();
    });

    test('says whose it is when it rejects a login', async () => {
      const login = { kind: 'simple', name: 'mon@other.test', password: passwordOf('wrong') } as const;

      expect(await ask(controller, { login })).toEqual({
        ok: false,
        error: expect.stringMatching(/^it rejects the login: check bind_dn.*\(it is a directory of corp\.test\)$/),
      });
    });

    test('answers nobody who has not logged in, and knows no certificates', async () => {
      const folder = await temporaryFolder();
      try {
        await makeCertificate(folder, 'client', { use: 'client' });
        const login = {
          kind: 'certificate',
          certFile: join(folder.path, 'client.pem'),
          keyFile: join(folder.path, 'client.key'),
        } as const;
        expect(await ask(controller, { login })).toMatchObject({ error: expect.stringContaining('auth: simple') });
        expect(await ask(controller, { login: { kind: 'anonymous' } })).toMatchObject({
          error: expect.stringContaining('it requires a login before it answers'),
        });
      } finally {
        await folder.remove();
      }
    });

    test('is not believed with a certificate of an authority that is not trusted', async () => {
      const folder: TemporaryFolder = await temporaryFolder();
      try {
        await makeCertificate(folder, 'ca', { use: 'authority' });
        expect(await ask(controller, { caFile: join(folder.path, 'ca.pem') })).toMatchObject({
          error: expect.stringMatching(/not trusted here.*ca_file/),
        });
        await writeFile(join(folder.path, 'ca.pem'), 'no certificate');
        expect(await ask(controller, { caFile: join(folder.path, 'ca.pem') })).toMatchObject({
          error: expect.stringContaining('contains no PEM certificate'),
        });
      } finally {
        await folder.remove();
      }
    });
  },
);

function ask(controller: DomainController, settings: Partial<DirectoryConnection> = {}, parts = ALL) {
  const login = { kind: 'simple', name: 'administrator@corp.test', password: passwordOf(PASSWORD) } as const;
  const limits = { answer: millis(30_000), all: millis(60_000) };
  const { signal } = new AbortController();
  const connection = { url: controller.url, caFile: controller.caFile, login, ...settings };
  return readDirectory(connection, parts, { tls: new TlsContexts(), limits, signal, now: NOW });
}

function passwordOf(text: string) {
  return { read: async () => ok(new Secret(text)) };
}
