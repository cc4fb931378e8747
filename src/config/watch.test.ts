import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PATIENT } from '../../test/support/patient.ts';
import { watchConfig } from './watch.ts';

const INTERVAL = 10;
/** Long enough for several looks. */
const SETTLED = 20 * INTERVAL;

let folder: string;
let path: string;
let stop: AbortController;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kmswatch-watch-'));
  path = join(folder, 'kmswatch.yml');
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  rmSync(folder, { recursive: true, force: true });
});

function replaceBy(make: () => void): void {
  rmSync(path, { recursive: true });
  make();
}

async function watch() {
  const onChange = vi.fn();
  await watchConfig({ path, interval: INTERVAL, onChange, signal: stop.signal });
  return onChange;
}

test('calls back once for each change of the content', async () => {
  writeFileSync(path, 'a: 1');
  const onChange = await watch();
  writeFileSync(path, 'a: 22');
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1), PATIENT);
  writeFileSync(path, 'a: 333');
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2), PATIENT);
});

test('a file that was touched or written again as it was is no change', async () => {
  writeFileSync(path, 'a: 1');
  const onChange = await watch();
  utimesSync(path, 1, 1);
  await wait(SETTLED);
  writeFileSync(join(folder, 'new'), 'a: 1');
  renameSync(join(folder, 'new'), path);
  await wait(SETTLED);
  expect(onChange).not.toHaveBeenCalled();
});

test('a file that is gone for a moment is no change; one that stays away, and one that appears, are', async () => {
  const onChange = await watch();
  await wait(SETTLED);
  expect(onChange).not.toHaveBeenCalled();
  writeFileSync(path, 'a: 1');
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1), PATIENT);
  rmSync(path);
  writeFileSync(path, 'a: 1');
  await wait(SETTLED);
  expect(onChange).toHaveBeenCalledTimes(1);
  rmSync(path);
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2), PATIENT);
  writeFileSync(path, 'a: 1');
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(3), PATIENT);
});

test.each<[string, () => void]>([
  ['larger than it may be', () => writeFileSync(path, 'x'.repeat(1024 * 1024 + 1))],
  ['a pipe', () => replaceBy(() => execFileSync('mkfifo', [path]))],
  ['a folder', () => replaceBy(() => mkdirSync(path))],
])('a file that becomes %s is a change, and is one again when it is put right', async (_what, spoil) => {
  writeFileSync(path, 'a: 1');
  const onChange = await watch();
  spoil();
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1), PATIENT);
  replaceBy(() => writeFileSync(path, 'a: 1'));
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2), PATIENT);
});

test("sees Kubernetes' swap of the folder above", async () => {
  for (const [name, content] of [
    ['v1', 'a: 1'],
    ['v2', 'a: 2'],
  ] as const) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'kmswatch.yml'), content);
  }
  symlinkSync('v1', join(folder, '..data'));
  symlinkSync('..data/kmswatch.yml', path);
  const onChange = await watch();
  symlinkSync('v2', join(folder, '..data_tmp'));
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1), PATIENT);
});

test('ends with the signal', async () => {
  writeFileSync(path, 'a: 1');
  const onChange = await watch();
  stop.abort();
  writeFileSync(path, 'a: 2');
  await wait(SETTLED);
  expect(onChange).not.toHaveBeenCalled();
});
