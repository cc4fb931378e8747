import { expect, it } from 'vitest';
import { systemPaths } from './system-paths.ts';

it('knows where Windows keeps what is not of one user', () => {
  expect(systemPaths('win32', { ProgramData: 'D:\\Data', SystemRoot: 'D:\\Win' })).toEqual({
    isWindows: true,
    config: 'D:\\Data\\kmswatch\\kmswatch.yml',
    state: 'D:\\Data\\kmswatch\\agent',
    hosts: 'D:\\Win\\System32\\drivers\\etc\\hosts',
  });
  expect(systemPaths('win32', {}).config).toBe('C:\\ProgramData\\kmswatch\\kmswatch.yml');
});

it('asks no variables of Windows elsewhere', () => {
  expect(systemPaths('linux', { ProgramData: '/x' })).toMatchObject({ isWindows: false, state: '/var/lib/kmswatch' });
});
