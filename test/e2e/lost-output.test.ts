import { spawnSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { MAIN, type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';

let agent: RunningAgent | undefined;
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
});

it.each([
  ['is on a full disk', '2>/dev/full'],
  ['goes to a program that has ended', '2> >(exit 0)'],
])('an agent whose log %s goes on watching', async (_what, to) => {
  agent = await startAgent({
    config: 'discovery: {domains: []}\nhosts: [{name: 127.0.0.1, port: 9}]\nprobe: {schedule: "* * * * * *"}\n',
    command: ['bash', '-c', `exec "$@" ${to}`, 'bash', process.execPath, MAIN],
  });
  for (let reload = 0; reload < 3; reload += 1) await fetch(`${agent.url}/-/reload`, { method: 'POST' });
  const probes = async () =>
    seriesValue((await agent?.metrics()) ?? '', 'kms_host_probes_total{host="127.0.0.1",port="9"}');
  const before = (await probes()) ?? 0;
  await expect.poll(probes).toBeGreaterThan(before);
  agent.daemon.kill('SIGTERM');
  expect(await agent.daemon.exited).toBe(0);
});

it.each([
  [['config', 'schema'], 1],
  // UNKNOWN to a monitoring system, not WARNING.
  [['check', '--host', '127.0.0.1:9'], 3],
])('%j, whose output finds no room, says so and ends with %d', (args, code) => {
  const command = ['-c', 'exec "$@" >/dev/full', 'bash', process.execPath, MAIN, ...args];
  const { status, stderr } = spawnSync('bash', command, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([code, 'the output cannot be written: ENOSPC: no space left on device, write\n']);
});
