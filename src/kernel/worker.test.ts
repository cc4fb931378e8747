import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startWorker, workerUrl } from './worker.ts';

test.each([
  ['./writer-thread', 'file:///opt/src/store/store.ts', 'file:///opt/src/store/writer-thread.ts'],
  ['./writer-thread', 'file:///opt/v1.2/dist/serve-CRvIKAUY.js', 'file:///opt/v1.2/dist/writer-thread.js'],
])('finds %s beside %s', (path, from, url) => {
  expect(workerUrl(path, from).href).toBe(url);
});

test('starts a module in a thread', async () => {
  const [code] = await once(startWorker('./duration', import.meta.url), 'exit');
  expect(code).toBe(0);
});

test('a module that is not there ends the thread with an error', async () => {
  const [error] = await once(startWorker('./nowhere', import.meta.url), 'error');
  expect(String(error)).toContain('nowhere');
});
