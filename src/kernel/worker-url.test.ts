import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { workerUrl } from './worker-url.ts';

test.each([
  ['./writer-thread', 'file:///opt/src/store/store.ts', 'file:///opt/src/store/writer-thread.ts'],
  ['./writer-thread', 'file:///opt/dist/store/store.js', 'file:///opt/dist/store/writer-thread.js'],
  ['../kernel/clock', 'file:///opt/v1.2/dist/store/store.js', 'file:///opt/v1.2/dist/kernel/clock.js'],
])('finds %s beside %s', (path, from, url) => {
  expect(workerUrl(path, from).href).toBe(url);
});

test('gives a thread a module that it can run', async () => {
  const worker = new Worker(workerUrl('./duration', import.meta.url));
  const [code] = await once(worker, 'exit');
  expect(code).toBe(0);
});
