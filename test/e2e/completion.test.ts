import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { peerPath } from '../peers/find-peer.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { runCommand } from '../support/command.ts';

const execute = promisify(execFile);
const KEYS = join(import.meta.dirname, '../support/shell-keys.py');
const PROMPT = 'READY> ';

let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  await folder.write('_kmswatch', await completion('zsh'));
  for (const shell of ['bash', 'fish']) await folder.write(`kmswatch.${shell}`, await completion(shell));
});
afterAll(() => folder.remove());

async function completion(shell: string): Promise<string> {
  const { code, out } = await runCommand(['completion', shell]);
  expect(code).toBe(0);
  return out;
}

test('names the shells if it is asked for another one', async () => {
  const { code, error } = await runCommand(['completion', 'tcsh']);
  expect(error).toContain('bash, zsh, fish');
  expect(code).toBe(2);
});

/** A line, and what a shell has to show after the tabulator key. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['kmswatch co', ['completion', 'config']],
  ['kmswatch config ', ['check', 'print', 'schema']],
  ['kmswatch leases --state re', ['renewal_failing', 'renewal_overdue', 'retired']],
  ['kmswatch leases --state=re', ['renewal_failing', 'renewal_overdue', 'retired']],
  ['kmswatch import /etc/host', ['hostname', 'hosts']],
  ['kmswatch --web.', ['--web.listen', '--web.telemetry-path']],
];

describeWithPeers('bash', ['bash', 'python3'], () => {
  beforeAll(() =>
    folder.write(
      'start.bash',
      `PS1='${PROMPT}'\nbind 'set show-all-if-ambiguous on'\nsource ${folder.path}/kmswatch.bash\n`,
    ),
  );

  test.each(CASES)('completes %j', async (line, expected) => {
    const start = join(folder.path, 'start.bash');
    const shown = await typed(line, expected, [peerPath('bash'), '--noprofile', '--rcfile', start, '-i']);
    for (const word of expected) expect(shown).toContain(word);
  });

  test.each([
    ['the only option that fits', 'kmswatch leases --st', 'kmswatch leases --state '],
    ['no value that nobody can guess', 'kmswatch explain ', 'kmswatch explain \u0007'],
  ])('completes %s', async (_, line, all) => {
    const shell = [peerPath('bash'), '--noprofile', '--rcfile', join(folder.path, 'start.bash'), '-i'];
    expect(await typed(line, [all], shell)).toBe(all);
  });
});

describeWithPeers('zsh', ['zsh', 'python3'], () => {
  test.each(CASES)('completes %j', async (line, expected) => {
    await folder.write(
      '.zshrc',
      `fpath=(${folder.path} $fpath)\nautoload -U compinit\ncompinit -u -D\nunset zle_bracketed_paste\nPS1='${PROMPT}'\n`,
    );
    const shown = await typed(line, expected, [peerPath('zsh'), '-i'], { ZDOTDIR: folder.path });
    for (const word of expected) expect(shown).toContain(word);
  });
});

describeWithPeers('fish', ['fish'], () => {
  test.each(CASES)('completes %j', async (line, expected) => {
    const commands = `source ${folder.path}/kmswatch.fish; complete -C '${line}'`;
    const { stdout } = await execute(peerPath('fish'), ['--no-config', '-c', commands], {
      env: { ...process.env, HOME: folder.path },
    });
    for (const word of expected) expect(stdout).toContain(word);
  });
});

/** What an interactive shell shows once a line and the tabulator key are typed, until all words are there. */
async function typed(
  line: string,
  words: readonly string[],
  shell: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { stdout } = await execute(peerPath('python3'), [KEYS, PROMPT, `${line}\t`, words.join('\n'), ...shell], {
    env: { ...process.env, TERM: 'dumb', ...env },
  });
  return stripVTControlCharacters(stdout);
}
