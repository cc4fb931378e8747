import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Daemon } from '../peers/daemon.ts';
import { freePort } from '../peers/free-port.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { REPOSITORY } from '../support/agent.ts';
import { savedRequest } from '../support/saved-request.ts';
import { builtFile } from './built.ts';
import { CleanRoot } from './clean-root.ts';
import { startService } from './service.ts';

interface Block {
  readonly language: string;
  readonly text: string;
}

const BLOCKS = blocksOf(await readFile(join(REPOSITORY, 'docs/first-lease.md'), 'utf8'));
/** The part of docs/windows.md about the kmswatch machine. */
const [, PUSH = ''] = (await readFile(join(REPOSITORY, 'docs/windows.md'), 'utf8')).split(/^### On the .*$/m);

/** Blocks that other tests run, or only Windows. */
const ELSEWHERE: Readonly<Record<string, RegExp>> = {
  'test/e2e/behind-nginx.test.ts': /^server \{\n {4}listen 11688 ssl;/,
  'test/powershell/Check.Tests.ps1': /^powershell -NoProfile -File import-history\.ps1/,
  'Windows has wevtutil': /^wevtutil qe "Key Management Service"/,
};

describeWithPeers('docs/first-lease.md, line by line, in a bare Debian', ['root', 'debootstrap', 'dpkg-deb'], () => {
  let root: CleanRoot;
  let service: Daemon | undefined;
  let port: number;

  beforeAll(async () => {
    root = await CleanRoot.make();
    port = await freePort();
    const deb = await builtFile('.deb');
    await root.copyIn(deb, `/root/${deb.split('/').at(-1)}`);
    await root.write('/root/kms.xml', await savedRequest('ws-0417', 'KMS01'));
  });
  afterAll(async () => {
    await service?.stop();
    await root.remove();
  });

  test('comes from nothing to the first lease', async () => {
    const said = new Map<string, string>();
    for (const block of BLOCKS.filter(({ text }) => !isElsewhere(text))) {
      if (block.language === 'yaml') await writeBlock(block);
      else for (const line of linesOf(block)) said.set(line, await runLine(line));
    }
    expect(said.get('kmswatch import kms.xml')).toContain('1 accepted, 0 duplicate, 0 ignored, 0 rejected');
    expect(said.get('kmswatch leases --client ws-0417')).toContain('ws-0417');
    expect(said.get('kmswatch explain ws-0417')).toMatch(/kms01\S* handled it \(0x0\)/);
  });

  /** A file of configuration: its first line is a comment with its path. */
  async function writeBlock({ text }: Block): Promise<void> {
    const path = /^# (\/\S+)\n/.exec(text)?.[1] ?? expect.unreachable(`no path in ${text}`);
    await root.write(path, text);
  }

  async function runLine(line: string): Promise<string> {
    const { code, output } = await root.run(`cd /root; ${line}`);
    expect(`${line}\n${output}\n${code}`).toBe(`${line}\n${output}\n0`);
    if (line.startsWith('dpkg -i')) {
      // systemd would have started it; and a test asks no name server.
      await root.write('/etc/kmswatch/kmswatch.yml', 'discovery: {domains: []}\n');
      service = await startService(root, port);
    }
    return output;
  }

  test('accepts records with the token, and none without', async () => {
    const token = (await root.read('/etc/kmswatch/ingest.token')).trim();
    const send = async (authorization: string) => {
      const url = `http://127.0.0.1:${port}/api/v1/events`;
      const body = await savedRequest('ws-0418', 'KMS01');
      return (await fetch(url, { method: 'POST', headers: { authorization }, body })).status;
    };
    await expect.poll(() => send(`Bearer ${token}`)).toBe(200);
    expect(await send('Bearer another')).toBe(401);
  });

  test('docs/windows.md: has a token of a host, which sends its report with it', async () => {
    for (const block of blocksOf(PUSH)) {
      if (block.language === 'yaml') await root.write('/etc/kmswatch/kmswatch.yml', block.text);
      else for (const line of linesOf(block)) await runLine(line);
    }
    const token = (await root.read('/etc/kmswatch/kms01.token')).trim();
    const body = await readFile(join(REPOSITORY, 'test/data/push/report.json.txt'), 'utf8');
    const send = async (authorization: string) => {
      const url = `http://127.0.0.1:${port}/api/v1/reports/kms01.corp.example.com`;
      return (await fetch(url, { method: 'POST', headers: { authorization }, body })).status;
    };
    await expect.poll(() => send(`Bearer ${token}`)).toBe(204);
    expect(await send('Bearer another')).toBe(401);
    expect((await root.run('stat -c "%a %U" /etc/kmswatch/kms01.token')).output.trim()).toBe('640 root');
  });
});

test('every block of the page is run, or named with where it is', () => {
  expect(BLOCKS.length).toBeGreaterThan(7);
  for (const pattern of Object.values(ELSEWHERE)) expect(BLOCKS.some(({ text }) => pattern.test(text))).toBe(true);
});

function blocksOf(page: string): Block[] {
  const found = page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...found].map(([, language = '', text = '']) => ({ language, text }));
}

function isElsewhere(text: string): boolean {
  return Object.values(ELSEWHERE).some((pattern) => pattern.test(text));
}

function linesOf({ language, text }: Block): string[] {
  expect(language).toBe('sh');
  return text.trim().split('\n');
}
