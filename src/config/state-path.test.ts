import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemPaths } from '../kernel/system-paths.ts';
import { resolveStatePath, type StateEnvironment } from './state-path.ts';

const never = (): boolean => false;
const always = (): boolean => true;

test.each<[string, string, StateEnvironment, () => boolean, string]>([
  ['an absolute path is taken as it is', '/srv/k.db', { STATE_DIRECTORY: '/s', HOME: '/home/a' }, always, '/srv/k.db'],
  [
    "systemd's folder comes first",
    'k.db',
    { STATE_DIRECTORY: '/s', XDG_STATE_HOME: '/x', HOME: '/h' },
    always,
    '/s/k.db',
  ],
  ["of several of systemd's the first", 'k.db', { STATE_DIRECTORY: '/s:/t' }, never, '/s/k.db'],
  ['then the system folder', 'k.db', { XDG_STATE_HOME: '/x', HOME: '/h' }, always, '/var/lib/kmswatch/k.db'],
  ["then the user's state folder", 'k.db', { XDG_STATE_HOME: '/x', HOME: '/h' }, never, '/x/kmswatch/k.db'],
  ['then its default', 'd/k.db', { HOME: '/h' }, never, '/h/.local/state/kmswatch/d/k.db'],
  [
    'empty and relative ones do not count',
    'k.db',
    { STATE_DIRECTORY: '', XDG_STATE_HOME: 'x', HOME: '/h' },
    never,
    '/h/.local/state/kmswatch/k.db',
  ],
])('%s', (_what, store, env, canWrite, expected) => {
  expect(resolveStatePath(store, env, canWrite)).toEqual({ ok: true, value: expected });
});

const WINDOWS = systemPaths('win32', { ProgramData: 'D:\\Data' });

test.each<[string, string, StateEnvironment, () => boolean, string]>([
  ['an absolute path is taken as it is', 'E:\\k.db', {}, always, 'E:\\k.db'],
  ['a colon is none between folders', 'k.db', { STATE_DIRECTORY: 'C:\\s' }, always, 'C:\\s\\k.db'],
  ['the system folder', 'k.db', { LOCALAPPDATA: 'C:\\me' }, always, 'D:\\Data\\kmswatch\\agent\\k.db'],
  ["else the user's", 'k.db', { LOCALAPPDATA: 'C:\\me' }, never, 'C:\\me\\kmswatch\\k.db'],
])('on Windows: %s', (_what, store, env, canWrite, expected) => {
  expect(resolveStatePath(store, env, canWrite, WINDOWS)).toEqual({ ok: true, value: expected });
});

test('without any folder of Windows it says what to do', () => {
  expect(resolveStatePath('k.db', {}, never, WINDOWS)).toMatchObject({ ok: false });
});

test('without any folder it says what to do', () => {
  expect(resolveStatePath('k.db', {}, never)).toEqual({
    ok: false,
    error: 'no folder for k.db: /var/lib/kmswatch is not writable and HOME is not set; give an absolute store.path',
  });
});

test('takes the process environment', () => {
  expect(resolveStatePath('/k.db', process.env).ok).toBe(true);
});

test('a link leads to the file that it names, which may not be there yet, and a circle to itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kmswatch-links-'));
  const path = (name: string) => join(folder, name);
  const links = [
    ['first.db', 'second.db'],
    ['second.db', 'data/k.db'],
    ['a.db', 'b.db'],
    ['b.db', 'a.db'],
  ] as const;
  for (const [name, target] of links) symlinkSync(target, path(name));
  const resolved = ['first.db', 'k.db', 'a.db'].map((name) => resolveStatePath(path(name), {}));
  expect(resolved.map((one) => one.ok && one.value)).toEqual([path('data/k.db'), path('k.db'), path('a.db')]);
  rmSync(folder, { recursive: true });
});
