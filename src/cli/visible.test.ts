import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../test/support/command.ts';
import { REDRAW, visibly } from './visible.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-visible-'));
});
afterAll(() => rm(folder, { recursive: true }));

function printed(color: boolean) {
  const lines: string[] = [];
  const write = (text: string) => void lines.push(text);
  return { lines, terminal: visibly({ out: write, error: write, color, interactive: true, env: {} }) };
}

it('shows control characters instead of printing them', () => {
  const { lines, terminal } = printed(false);
  terminal.error('a\u001b[2Jb\rc\u009bd\u202ee\t\r\nB\u00fcro\n');
  terminal.out('\u001b[31mred\u0007\n');
  expect(lines).toEqual(['a\\u001b[2Jb\\u000dc\\u009bd\\u202ee\t\r\nB\u00fcro\n', '\\u001b[31mred\\u0007\n']);
});

it('leaves the colours of results, and a line that is drawn again', () => {
  const { lines, terminal } = printed(true);
  terminal.out('\u001b[31mred\u001b[39m\u001b[2J');
  terminal.error(`${REDRAW}file\u001b[2J`);
  expect(lines).toEqual(['\u001b[31mred\u001b[39m\\u001b[2J', `${REDRAW}file\\u001b[2J`]);
});

it.each([
  ['config check', (file: string) => ['config', 'check', file]],
  ['an unknown option', () => ['check', '--\u001b[2J']],
  ['an unknown command', () => ['\u001b[2J']],
  ['config print of no file', () => ['config', 'print', '/nowhere/\u001b[2J']],
])('%s echoes no control character', async (_, argsFor) => {
  const file = join(folder, 'kmswatch.yml');
  await writeFile(file, '"a\\e[2J": 1\n');
  const { out, error } = await runCommand(argsFor(file));
  expect(out + error).toContain('\\u001b[2J');
  expect(out + error).not.toContain('\u001b');
});
