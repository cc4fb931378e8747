import { execFile } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { ConfigSchema } from '../../src/config/schema.ts';
import { startWindowsHost, type WindowsHost } from '../../src/demo/windows/windows-host.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { startDaemon } from '../peers/daemon.ts';
import { freePort } from '../peers/free-port.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { MAIN, REPOSITORY, type RunningAgent, startAgent } from '../support/agent.ts';
import { makeCertificate } from '../support/certificates.ts';
import { runCommand } from '../support/command.ts';

/** In every secret below, and nowhere else. */
const MARK = 'Zx9Known';
const FAILURES = ['refused', 'silent', 'untrusted', 'badkey', 'keytab', 'command', 'unreadable'] as const;

/** Has the agent crash with a password at hand, and tell with it all that Node can. */
const CRASH = `
  process.once('SIGUSR2', () => {
    Object.assign(process.report, { reportOnUncaughtException: true, directory: __dirname, filename: 'report.json' });
    const from = Buffer.from;
    Buffer.from = (...args) => {
      if (String(args[0]).startsWith('mon:')) throw new Error('crash with ' + args.length + ' arguments');
      return from(...args);
    };
  });
`;

let folder: TemporaryFolder;
let windows: WindowsHost[] = [];
let agent: RunningAgent;
let silent: ReturnType<typeof createServer>;
let log = '';

const SECRET_FILE = /(?:token|password|url|key|keytab|cert|secret)_file$/;

/** Every place of the schema that holds a secret, or names a file that does, as `hosts[].report.push.token`. */
function* secretPlaces(schema: z.core.$ZodType, path = ''): Iterable<string> {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'object':
      for (const [key, inner] of Object.entries(def.shape)) {
        const place = path === '' ? key : `${path}.${key}`;
        if (SECRET_FILE.test(key)) yield place;
        yield* secretPlaces(inner, place);
      }
      return;
    case 'array':
      yield* secretPlaces(def.element, `${path}[]`);
      return;
    case 'union':
      for (const option of def.options) yield* secretPlaces(option, path);
      return;
    case 'pipe':
      yield* holdsSecret(def.out) ? [path] : [def.in, def.out].flatMap((inner) => [...secretPlaces(inner, path)]);
      return;
    default:
      if ('innerType' in def) yield* secretPlaces(def.innerType as z.core.$ZodType, path);
  }
}

function holdsSecret(schema: z.core.$ZodType): boolean {
  const takes = (value: unknown) => (schema as z.ZodType).safeParse(value).success;
  return takes(new Secret('x')) && !takes('x') && !takes({});
}

/** The place of each secret in a configuration, by the same names. */
function placesOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => placesOf(each, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => placesOf(inner, path === '' ? key : `${path}.${key}`));
}

/** The places where a secret is shown, with the text around it; empty if there are none. */
function around(text: string): string {
  const at = text.indexOf(MARK);
  return at === -1 ? '' : text.slice(Math.max(0, at - 200), at + 60);
}

function urlOf(port: number, scheme = 'http'): string {
  return `${scheme}://127.0.0.1:${port}/wsman`;
}

/** Every way in which an inventory is protected and a directory is asked. */
function inventories(): readonly object[] {
  const directory = { url: `ldaps://127.0.0.1:${windows[1]?.port ?? 0}`, ca_file: 'server.pem' };
  const simple = { ...directory, auth: 'simple', bind_dn: 'mon@corp.example' };
  return [
    { token: `${MARK}-inventory`, directory: { ...simple, password: `${MARK}-bind` } },
    { token_file: 'push.token', directory: { ...simple, password_file: 'password' } },
    { directory: { ...directory, auth: 'certificate', cert_file: 'client.pem', key_file: 'broken.key' } },
    { directory: { ...directory, auth: 'certificate', cert_file: 'client.pem', key_file: 'client.key' } },
  ];
}

async function configuration(inventory = inventories()[0]) {
  const [refusing, tls] = windows;
  const address = silent.address();
  const silentPort = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const basic = { insecure: true, auth: 'basic', username: 'mon' };
  const both = (name: string, winrm: object) => ({
    name: `${name}.corp.example`,
    port: 9,
    report: { winrm },
    activations: { winrm },
  });
  const certificate = {
    url: urlOf(tls?.port ?? 0, 'https'),
    auth: 'certificate',
    cert_file: 'client.pem',
    key_file: 'broken.key',
  };
  return {
    discovery: { domains: [] },
    reports: { schedule: '*/2 * * * * *', timeout: '1s' },
    log: { level: 'debug' },
    ingest: { token: `${MARK}-ingest` },
    inventory,
    hosts: [
      both('refused', { ...basic, url: refusing?.url, password: `${MARK}-refused` }),
      both('silent', { ...basic, url: urlOf(silentPort), password_file: 'password' }),
      both('untrusted', { ...basic, insecure: false, url: urlOf(tls?.port ?? 0, 'https'), password_file: 'password' }),
      both('badkey', certificate),
      both('keytab', {
        url: urlOf(tls?.port ?? 0, 'https'),
        auth: 'kerberos',
        principal: 'mon@CORP.EXAMPLE',
        keytab_file: 'mon.keytab',
        insecure: true,
      }),
      both('unreadable', { ...basic, url: refusing?.url, password_file: 'missing' }),
      {
        name: 'command.corp.example',
        port: 9,
        report: {
          command: [
            'sh',
            '-c',
            `cd ${folder.path}; echo "a token $(cat push.token) and a password $(cat password)" >&2; exit 3`,
          ],
        },
      },
      { name: 'push.corp.example', port: 9, report: { push: { token: `${MARK}-push` } } },
      { name: 'pushed.corp.example', port: 9, report: { push: { token_file: 'push.token' } } },
    ],
    notify: [
      { webhook: { url: `http://user:${MARK}-hook@127.0.0.1:9/${MARK}-path` } },
      {
        webhook: { url_file: 'hook.url' },
        proxy_url_file: 'proxy.url',
        cert_file: 'client.pem',
        key_file: 'client.key',
        bearer_token_file: 'push.token',
      },
      {
        webhook: { url: 'http://127.0.0.1:9/' },
        proxy_url: `http://user:${MARK}-proxy@127.0.0.1:9`,
        bearer_token: `${MARK}-bearer`,
      },
    ],
  };
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await makeCertificate(folder, 'server', { sans: 'DNS:localhost,IP:127.0.0.1' });
  await makeCertificate(folder, 'client', { sans: 'DNS:client' });
  const read = (file: string) => readFile(join(folder.path, file), 'utf8');
  const [key, cert] = await Promise.all([read('server.key'), read('server.pem')]);
  await folder.write('broken.key', `-----BEGIN PRIVATE KEY-----\n${MARK}KeyMaterial\n-----END PRIVATE KEY-----\n`);
  await folder.write('mon.keytab', `${MARK}-keytab`);
  await folder.write('password', `${MARK}-file\n`);
  await folder.write('push.token', `${MARK}-pushed\n`);
  await folder.write('hook.url', `http://user:${MARK}-hookfile@127.0.0.1:9/${MARK}-path\n`);
  await folder.write('proxy.url', `http://user:${MARK}-proxyfile@127.0.0.1:9\n`);
  windows = [
    await startWindowsHost({
      name: 'refused',
      authentication: { basic: { username: 'mon', password: 'another' } },
    }),
    await startWindowsHost({ name: 'tls', tls: { key, cert } }),
  ];
  // Takes connections, and says nothing.
  silent = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const output = join(folder.path, 'agent.log');
  agent = await startAgent({
    config: JSON.stringify(await configuration()),
    folder,
    command: ['sh', '-c', `exec "$0" "$@" > ${output} 2>&1`, process.execPath, MAIN],
    env: { NODE_OPTIONS: `--require ${await folder.write('crash.cjs', CRASH)}` },
    deadline: 60_000,
  });
  log = output;
});
afterAll(async () => {
  await agent?.stop();
  silent?.close();
  await Promise.all(windows.map((host) => host.close()));
});

test('each secret that the configuration can have is tried here', async () => {
  const tried = new Set(
    [...(await Promise.all(inventories().map(configuration))), WEB].flatMap((config) => placesOf(config)),
  );
  const places = [...new Set(secretPlaces(ConfigSchema))];
  expect(places.length).toBeGreaterThan(8);
  // Both places have the same section: a host's report and its log.
  expect(places.filter((place) => !tried.has(place))).toEqual([]);
});

test('no failure shows one: in no page, no answer, no line of the log', async () => {
  const shown: string[] = [];
  const get = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(agent.url + path, init);
    shown.push(path, JSON.stringify([...answer.headers]), await answer.text());
  };
  const withToken = (token: string, body: string) => ({
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body,
  });
  await get('/api/v1/events', withToken(`${MARK}-wrong`, '{}'));
  await get('/api/v1/events', withToken(`${MARK}-ingest`, `{"token":`));
  await get('/api/v1/reports/push.corp.example', withToken(`${MARK}-push`, 'no report'));
  await get('/api/v1/reports/push.corp.example', withToken(`${MARK}-pushed`, '{}'));
  // Each failure is really there.
  const logged = async () => readFile(log, 'utf8');
  for (const failure of [
    ...FAILURES.map((host) => `${host}.corp.example`),
    ...[/401|login/, /self-signed/, /no complete answer within/, /there is no such file/],
    ...[/cannot use the certificate or key/, /exited with code 3/],
  ])
    await expect.poll(logged).toMatch(failure);
  await get('/api/v1/machines', withToken(`${MARK}-wrong`, 'name'));
  await get('/api/v1/machines', withToken(`${MARK}-inventory`, '{"name":'));
  const good = await readFile(agent.config, 'utf8');
  for (const inventory of inventories().slice(1)) {
    await writeFile(agent.config, JSON.stringify(await configuration(inventory)));
    await get('/-/reload', { method: 'POST' });
    await expect.poll(async () => await agent.metrics()).toMatch(/kms_inventory_up\{source="directory"\} 0/);
    await wait(1_000);
    await get('/machines');
  }
  // Mistakes in and beside secrets, and a file that ends in one.
  for (const bad of [
    good.replace(`http://user:${MARK}-hook`, `no-url:${MARK}-hook`),
    good.replace('"ingest":{"token"', '"ingest":{"tokem"'),
    good.slice(0, good.indexOf(`${MARK}-push`) + 9),
    good.replace('"password":', '"password_file":"x","password":'),
  ]) {
    await writeFile(agent.config, bad);
    await get('/-/reload', { method: 'POST' });
    const check = await runCommand(['config', 'check', agent.config]);
    const print = await runCommand(['config', 'print', agent.config]);
    shown.push(check.out, check.error, print.out, print.error);
  }
  await writeFile(agent.config, good);
  await get('/-/reload', { method: 'POST' });
  const print = await runCommand(['config', 'print', agent.config]);
  shown.push(print.out, print.error);
  for (const path of [
    '/',
    '/config',
    '/metrics',
    '/api/v1/hosts',
    '/api/v1/conditions',
    '/api/v1/discovery',
    '/leases',
    '/-/ready',
  ])
    await get(path);
  const test = await runCommand(['notify', 'test', '--config', agent.config]);
  shown.push(test.out, test.error);

  for (const text of [...shown, await logged()]) expect(around(text)).toBe('');
  expect(print.out).toContain('<secret>');
});

test('a crash with a secret and a login at hand shows neither', async () => {
  const source = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
  const program = `
    import { Secret } from ${source('kernel/secret.ts')};
    import { WinrmClient } from ${source('winrm/client.ts')};
    import { createWinrmShared } from ${source('winrm/shared.ts')};
    import { systemClock as clock } from ${source('kernel/clock.ts')};
    import { systemRandom as random } from ${source('kernel/random.ts')};
    const secret = new Secret(process.env.MARKED);
    const auth = { kind: 'basic', username: 'mon', password: { read: async () => ({ ok: true, value: secret }) } };
    const client = new WinrmClient({ url: ${JSON.stringify(windows[0]?.url)}, insecure: true, auth }, { clock, random, shared: createWinrmShared() });
    const answer = await client.identify({ timeout: 60_000, signal: new AbortController().signal });
    throw Object.assign(new Error('crashed with ' + secret, { cause: [secret, answer] }), { secret, auth, client });`;
  const crash = await new Promise<string>((resolve) => {
    const env = { ...process.env, MARKED: `${MARK}-crash` };
    execFile(process.execPath, ['--input-type=module', '-e', program], { env }, (_, out, error) =>
      resolve(out + error),
    );
  });
  expect(crash).toContain('crashed with <secret>');
  // Node prints a crash without the private fields of objects.
  expect(crash).toContain('secret: Secret {}');
  expect(crash).toContain('401');
  expect(around(crash)).toBe('');
});

test('neither does a crash of the running agent while it logs in, nor the report of it', async () => {
  const read = async () => [await readFile(log, 'utf8'), await readFile(join(folder.path, 'report.json'), 'utf8')];
  process.kill(agent.daemon.pid, 'SIGUSR2');
  await expect
    .poll(read)
    .toEqual([
      expect.stringMatching(/crash with 2 arguments\n.* at basicHeader .*\nNode\.js v/s),
      expect.stringContaining('"javascriptStack"'),
    ]);
  for (const text of await read()) expect(around(text)).toBe('');
});

/** In the form of bcrypt, and of no password. */
const HASH = `$2y$04$${MARK}${MARK}abcdeu${'K'.repeat(31)}`;
const TLS = (key: string) => `tls_server_config: {cert_file: server.pem, key_file: ${key}}\n`;
/** Web configurations with a mistake in a secret or beside one. */
const BAD_WEB = [
  `basic_auth_users: {alice: ${MARK}-plain}\n`,
  `basic_auth_users: {alice: ${HASH.slice(0, -3)}}\n`,
  `basic_auth_users: {alice: ${HASH}, alice: ${HASH}}\n`,
  `basic_auth_user: {alice: ${HASH}}\n`,
  `basic_auth_users: {alice: [${MARK}-list]}\n`,
  `basic_auth_users: {alice: "${MARK}-open\n`,
  TLS('broken.key'),
  TLS('client.key'),
  TLS(`${MARK}-inline`).replace('key_file', 'key'),
];

const WEB = {
  discovery: { domains: [] },
  ingest: { token_file: 'ingest.token' },
  web: { config_file: 'web.yml' },
  log: { level: 'debug' },
};

test('no mistake in the web configuration shows a hash, a password or a key', async () => {
  const config = await folder.write('web-kmswatch.yml', JSON.stringify(WEB));
  const token = await folder.write('ingest.token', `${MARK}-token\n`);
  const port = await freePort();
  const args = [MAIN, 'run', '--config', config, '--web.listen', `127.0.0.1:${port}`];
  const env = { STATE_DIRECTORY: join(folder.path, 'web-state') };
  for (const bad of BAD_WEB) {
    await folder.write('web.yml', bad);
    const said = await new Promise<string>((resolve) => {
      execFile(process.execPath, args, { env: { ...process.env, ...env }, timeout: 60_000 }, (error, out, text) =>
        resolve(`${error?.code} ${out}${text}`),
      );
    });
    expect(said).toMatch(/^2 .*web\.yml/s);
    expect(around(said)).toBe('');
  }

  await folder.write('web.yml', `basic_auth_users: {alice: ${HASH}}\n`);
  const output = join(folder.path, 'web.log');
  const ask = (password: string) =>
    fetch(`http://127.0.0.1:${port}/config`, {
      headers: { authorization: `Basic ${Buffer.from(`alice:${password}`).toString('base64')}` },
    });
  const daemon = await startDaemon({
    command: ['sh', '-c', `exec "$0" "$@" > ${output} 2>&1`, process.execPath, ...args],
    cwd: REPOSITORY,
    env,
    ready: async () => (await ask('nobody')).status === 401,
  });
  try {
    const send = (bearer: string, body: string) =>
      fetch(`http://127.0.0.1:${port}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}` },
        body,
      });
    const answers = [await ask(`${MARK}-wrong`), await send(`${MARK}-other`, '{}'), await send(`${MARK}-token`, '{')];
    // The token of before stays.
    await rename(token, `${token}.away`);
    answers.push(await send(`${MARK}-token`, '{}'));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 400, 400]);
    for (const answer of answers) {
      expect(around(JSON.stringify([...answer.headers]) + (await answer.text()))).toBe('');
    }
    const named = async () => (await readFile(output, 'utf8')).match(/web\.yml/g)?.length ?? 0;
    for (const bad of BAD_WEB) {
      const before = await named();
      await folder.write('web.yml', bad);
      await expect.poll(named).toBeGreaterThan(before);
    }
  } finally {
    await daemon.stop();
  }
  expect(around(await readFile(output, 'utf8'))).toBe('');
});
