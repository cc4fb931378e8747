import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../test/peers/temporary-folder.ts';
import { makeCertificates } from '../../test/support/certificates.ts';
import { loadConfigFile, mistakesInFiles } from './config-file.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
  await makeCertificates(folder);
});
afterAll(() => folder.remove());

async function mistakesOf(...lines: readonly string[]) {
  const path = await folder.write('kmswatch.yml', `${lines.join('\n')}\n`);
  const config = await loadConfigFile(path);
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return mistakesInFiles(path, config.value);
}

it('says which file that the configuration names cannot be read, and where it is named', async () => {
  await folder.write('there.token', 'a-token-of-the-test\n');
  const mistakes = await mistakesOf(
    'ingest: {token_file: there.token}',
    'hosts:',
    '  - {name: a, report: {push: {token_file: gone.token}}}',
    'notify: [{webhook: {url_file: gone.url}}]',
    'inventory: {files: [{path: gone.csv}, {path: .}]}',
  );
  expect(mistakes).toMatchObject([
    { path: 'hosts[0].report.push.token_file', line: 3, message: expect.stringContaining(`${folder.path}/gone.token`) },
    { path: 'notify[0].webhook.url_file', line: 4, message: expect.stringContaining(`${folder.path}/gone.url`) },
    { path: 'inventory.files[0].path', line: 5, message: expect.stringContaining('there is no such file') },
    { path: 'inventory.files[1].path', line: 5, message: expect.stringContaining('it is a directory') },
  ]);
});

it.each([
  ['', 'is empty: write the secret into it'],
  ['\n', 'is empty: write the secret into it'],
  ['a-token-of-the-test\nand another line\n', 'has several lines: the secret alone belongs in it'],
  ['a-token-of-the\u0000-test\n', 'is not plain text'],
  ['\ufeffa-token-of-the-test\n', 'is not plain text'],
])('says what is wrong with a token that is %j', async (contents, message) => {
  await folder.write('ingest.token', contents);
  const mistakes = await mistakesOf('ingest: {token_file: ingest.token}');
  expect(mistakes).toMatchObject([
    { path: 'ingest.token_file', line: 1, column: 22, message: expect.stringContaining(message) },
  ]);
  expect(JSON.stringify(mistakes)).not.toContain('the-test');
});

it('says what is wrong with what a receiver names', async () => {
  await folder.write('hook.url', 'hooks.example.com/services\n');
  await folder.write('proxy.url', 'proxy.example.com:3128\n');
  await folder.write('empty', '');
  await folder.write('other.key', await readFile(`${folder.path}/server.key`, 'utf8'));
  const mistakes = await mistakesOf(
    'notify:',
    '  - {webhook: {url_file: hook.url}, proxy_url_file: proxy.url, bearer_token_file: empty}',
    '  - {webhook: {url: "https://x"}, ca_file: client.key, cert_file: client.pem, key_file: other.key}',
    '  - {webhook: {url: "https://x/2"}, ca_file: ca.pem, cert_file: client.key, key_file: client.pem}',
    '  - {webhook: {url: "https://x/3"}, ca_file: ca.pem, cert_file: client.pem, key_file: client.key}',
  );
  expect(mistakes.map(({ path, message }) => `${path} ${message.replace(`${folder.path}/`, '')}`)).toEqual([
    'notify[0].webhook.url_file hook.url is not a URL: expected https://HOST/... or http://HOST/...',
    'notify[0].proxy_url_file proxy.url is not a URL: expected http://HOST/... or https://HOST/...',
    'notify[0].bearer_token_file empty is empty: write the secret into it',
    'notify[1].ca_file client.key contains no PEM certificate (-----BEGIN CERTIFICATE-----)',
    'notify[1].key_file other.key does not belong to the certificate: specify a matching pair',
    'notify[2].cert_file client.key contains no PEM certificate (-----BEGIN CERTIFICATE-----)',
    'notify[2].key_file client.pem contains no readable PEM private key; keys with a passphrase are not supported',
  ]);
});

it('says that a program that reports is not there, or is none', async () => {
  const report = (program: string) => `{name: ${program.replace(/\W/g, '')}, report: {command: [${program}, x]}}`;
  await folder.write('plain.txt', 'no program\n');
  const [gone, plain] = [`${folder.path}/gone`, `${folder.path}/plain.txt`];
  const mistakes = await mistakesOf(
    'hosts:',
    ...['sh', process.execPath, './elsewhere', gone, plain, 'no-such-program', folder.path].map(
      (one) => `  - ${report(one)}`,
    ),
  );
  expect(mistakes.map(({ path, line, message }) => [path, line, message])).toEqual([
    ['hosts[3].report.command', 5, `cannot run ${gone}: there is no such program; check the path`],
    ['hosts[4].report.command', 6, `cannot run ${plain}: it is not a program, or you have no right to run it`],
    ['hosts[5].report.command', 7, 'cannot run no-such-program: there is no such program; specify it with its path'],
    ['hosts[6].report.command', 8, `cannot run ${folder.path}: it is a directory; specify a file`],
  ]);
});

it('says that the database is a folder', async () => {
  expect(await mistakesOf(`store: {path: ${folder.path}/new.db}`)).toEqual([]);
  expect(await mistakesOf(`store: {path: ${folder.path}}`)).toMatchObject([
    { path: 'store.path', line: 1, message: `cannot use ${folder.path}: it is a directory; specify a file` },
  ]);
});

it('knows a keytab', async () => {
  await folder.write('right.keytab', '\u0005\u0002');
  await folder.write('wrong.keytab', 'mon@CORP.EXAMPLE.COM');
  const winrm = (keytab: string) =>
    `{winrm: {url: "https://kms:5986/wsman", auth: kerberos, principal: mon, keytab_file: ${keytab}}}`;
  const mistakes = await mistakesOf(
    'hosts:',
    `  - {name: a, report: ${winrm('right.keytab')}}`,
    `  - {name: b, report: ${winrm('wrong.keytab')}}`,
  );
  expect(mistakes).toMatchObject([
    { path: 'hosts[1].report.winrm.keytab_file', message: expect.stringContaining('is not a keytab') },
  ]);
});
