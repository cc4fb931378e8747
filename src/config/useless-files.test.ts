import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../test/peers/temporary-folder.ts';
import { loadConfigFile, mistakesInFiles } from './config-file.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

it('says which file that the configuration names cannot be read, and where it is named', async () => {
  await folder.write('there.token', 'x\n');
  const path = await folder.write(
    'kmswatch.yml',
    [
      'ingest: {token_file: there.token}',
      'hosts:',
      '  - {name: a, report: {push: {token_file: gone.token}}}',
      'notify: [{webhook: {url_file: gone.url}}]',
      '',
    ].join('\n'),
  );
  const config = await loadConfigFile(path);
  const mistakes = config.ok ? await mistakesInFiles(path, config.value) : [];
  expect(mistakes).toMatchObject([
    { path: 'hosts[0].report.push.token_file', line: 3, message: expect.stringContaining(`${folder.path}/gone.token`) },
    { path: 'notify[0].webhook.url_file', line: 4, message: expect.stringContaining(`${folder.path}/gone.url`) },
  ]);
});
