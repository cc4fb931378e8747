import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import { startDaemon } from '../peers/daemon.ts';
import { freePort } from '../peers/free-port.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { MAIN, REPOSITORY, type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';
import { slowness } from '../support/slowness.ts';

let host: SimulatedHost;
let agent: RunningAgent | undefined;

beforeAll(async () => {
  host = await startSimulatedHost({ kind: 'healthy' });
});
afterAll(() => host.close());
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
});

function config(rest = ''): string {
  return `
discovery: {domains: []}
hosts: [{name: 127.0.0.1, port: ${host.port}}]
${rest}`;
}

function up(port: number): string {
  return `kms_host_up{host="127.0.0.1",port="${port}"}`;
}

describe('kmswatch run', () => {
  it('serves what it saw as soon as it is ready', async () => {
    agent = await startAgent({ config: config() });
    const page = await agent.metrics();
    expect(seriesValue(page, up(host.port))).toBe(1);
    expect(seriesValue(page, `kms_host_genuine{host="127.0.0.1",port="${host.port}"}`)).toBe(1);
    expect(seriesValue(page, 'kmswatch_config_last_reload_successful')).toBe(1);
    expect(seriesValue(page, 'kmswatch_store_up')).toBe(1);
    expect(seriesValue(page, 'kmswatch_poll_limit_seconds{loop="probe"}')).toBe(180);
    expect(existsSync(join(agent.folder.path, 'kmswatch.db'))).toBe(true);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 within 5 s of %s', async (signal) => {
    agent = await startAgent({ config: config() });
    const start = performance.now();
    agent.daemon.kill(signal);
    expect(await agent.daemon.exited).toBe(0);
    expect(performance.now() - start).toBeLessThan(5000 * slowness());
    expect(agent.daemon.output()).toContain('the agent is stopping');
  });

  it('ends within 5 s while a probe hangs and a client holds a connection', async () => {
    const silent = await startSimulatedHost({ kind: 'silent' });
    agent = await startAgent({ config: config() });
    await writeFile(
      agent.config,
      `discovery: {domains: []}\nhosts: [{name: 127.0.0.1, port: ${silent.port}}]\nprobe: {timeout: 1m}\n`,
    );
    await fetch(`${agent.url}/-/reload`, { method: 'POST' });
    await expect.poll(() => silent.connections()).toBe(1);
    const idle = connect(Number(new URL(agent.url).port), '127.0.0.1');
    await once(idle, 'connect');
    idle.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: x\r\n');
    const start = performance.now();
    agent.daemon.kill('SIGTERM');
    expect(await agent.daemon.exited).toBe(0);
    expect(performance.now() - start).toBeLessThan(5000 * slowness());
    idle.destroy();
    await silent.close();
  });

  it('ends cleanly though the signal comes again until its last moment', async () => {
    agent = await startAgent({ config: config() });
    const { daemon } = agent;
    daemon.kill('SIGINT');
    const again = setInterval(() => daemon.kill('SIGINT'), 1);
    expect(await daemon.exited).toBe(0);
    clearInterval(again);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends when npm is what got %s', async (signal) => {
    agent = await startAgent({ config: config(), command: ['npm', 'start', '--'] });
    agent.daemon.kill(signal);
    await agent.daemon.exited;
    await expect
      .poll(async () =>
        fetch(`${agent?.url}/-/healthy`).then(
          () => 'up',
          () => 'down',
        ),
      )
      .toBe('down');
    expect(agent.daemon.output()).toContain('the agent is stopping');
  });
});

describe('Ctrl-C at a terminal', () => {
  it('ends npm start cleanly, though the terminal and npm both tell', async () => {
    const folder = await temporaryFolder();
    const port = await freePort();
    await folder.write('kmswatch.yml', config());
    // `exec`, or a shell that stays in between is in the foreground as well and dies of the key itself.
    const command = `exec npm start -- --config ${folder.path}/kmswatch.yml --web.listen 127.0.0.1:${port}`;
    const terminal = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: REPOSITORY,
      env: { ...process.env, STATE_DIRECTORY: folder.path },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    terminal.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    const ready = () =>
      fetch(`http://127.0.0.1:${port}/-/ready`).then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(ready).toBe(200);
    terminal.stdin.write('\u0003');
    const [code] = await once(terminal, 'exit');
    expect([code, output.includes('the agent is stopping')]).toEqual([0, true]);
    // SQLite takes its log away when it is closed as it should be.
    expect(existsSync(join(folder.path, 'kmswatch.db-wal'))).toBe(false);
    await folder.remove();
  });
});

describe('a reload', () => {
  it.each<[string, (running: RunningAgent) => unknown]>([
    ['SIGHUP', (running) => running.daemon.kill('SIGHUP')],
    ['POST /-/reload', (running) => fetch(`${running.url}/-/reload`, { method: 'POST' })],
    ['a changed file', () => {}],
  ])('by %s takes the new configuration', async (_by, tell) => {
    agent = await startAgent({ config: config() });
    const other = await startSimulatedHost({ kind: 'healthy' });
    await writeFile(agent.config, config().replace(String(host.port), String(other.port)));
    await tell(agent);
    await expect.poll(async () => seriesValue((await agent?.metrics()) ?? '', up(other.port))).toBe(1);
    expect(seriesValue(await agent.metrics(), up(host.port))).toBeUndefined();
    const shown = await (await fetch(`${agent.url}/config`)).text();
    expect(shown).toContain(String(other.port));
    expect(shown).toContain(`listen:\n    - ${new URL(agent.url).host}\n`);
    await other.close();
  });

  it('that fails leaves the log as it was, and the database stays where it is', async () => {
    agent = await startAgent({ config: config('log: {level: warn}') });
    await writeFile(
      agent.config,
      config('log: {level: debug}').replace('name: 127.0.0.1', 'name: 127.0.0.1, aliases: [x, x]'),
    );
    expect((await fetch(`${agent.url}/-/reload`, { method: 'POST' })).status).toBe(500);
    await writeFile(agent.config, config('log: {level: warn}\nstore: {path: other.db}'));
    expect((await fetch(`${agent.url}/-/reload`, { method: 'PUT' })).status).toBe(200);
    expect(agent.daemon.output()).not.toContain('"level":"debug"');
    expect(agent.daemon.output()).toContain('the new store.path takes effect at the next start');
    expect(await (await fetch(`${agent.url}/config`)).text()).toContain('path: kmswatch.db');
  });

  it('of a bad file keeps the old configuration, says why, and shows in the metrics', async () => {
    agent = await startAgent({ config: config() });
    await writeFile(agent.config, 'hosts: [{nmae: kms01}]\n');
    const response = await fetch(`${agent.url}/-/reload`, { method: 'POST' });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toContain(`${agent.config}:1:10: hosts[0].nmae: `);
    expect(text).toContain('name');
    const page = await agent.metrics();
    expect(seriesValue(page, 'kmswatch_config_last_reload_successful')).toBe(0);
    expect(seriesValue(page, up(host.port))).toBe(1);
  });
});

describe('what cannot start', () => {
  it('names every mistake of the configuration, and ends with 2', async () => {
    const started = startAgent({ config: 'porbe: {}\nstore: {path: ""}\n' });
    await expect(started).rejects.toThrow(
      /ended with 2[\s\S]*kmswatch\.yml:1:1: porbe: .*probe[\s\S]*:2:\d+: store\.path: /,
    );
  });

  it('watches without a state folder that it may not write, and says what to do about it', async () => {
    agent = await startAgent({ config: config(), env: { STATE_DIRECTORY: '/proc/kmswatch' } });
    expect(seriesValue(await agent.metrics(), 'kmswatch_store_up')).toBe(0);
    expect(agent.daemon.output()).toMatch(/cannot create the state folder \/proc\/kmswatch: .*set store\.path/);
  });

  it('leaves the database to the agent that has it, and ends with 1', async () => {
    agent = await startAgent({ config: config() });
    const second = startDaemon({
      command: [process.execPath, MAIN, '--config', agent.config, '--web.listen', '127.0.0.1:0'],
      env: { STATE_DIRECTORY: agent.folder.path },
      ready: () => false,
    });
    await expect(second).rejects.toThrow(/ended with 1[\s\S]*another kmswatch is using it\. Stop the other one/);
  });

  it('says what to do about a port that is taken, and ends with 1', async () => {
    agent = await startAgent({ config: config() });
    const { host: taken } = new URL(agent.url);
    const second = startDaemon({
      command: [process.execPath, MAIN, '--config', agent.config, '--web.listen', taken],
      env: { STATE_DIRECTORY: `${agent.folder.path}/other` },
      ready: () => false,
    });
    await expect(second).rejects.toThrow(/ended with 1[\s\S]*cannot listen on 127\.0\.0\.1:\d+: the port is in use/);
  });
});

describe('npm start as an ordinary user', () => {
  it('keeps its state in the home folder, and watches nothing where nothing is configured', async () => {
    const home = await temporaryFolder();
    agent = await startAgent({
      config: 'discovery: {domains: []}\n',
      command: ['npm', 'start', '--'],
      env: { STATE_DIRECTORY: '', XDG_STATE_HOME: join(home.path, 'state') },
    });
    expect(existsSync(join(home.path, 'state', 'kmswatch', 'kmswatch.db'))).toBe(true);
    expect(agent.daemon.output()).toContain('there is nothing to watch');
    await agent.stop();
    agent = undefined;
    await home.remove();
  });
});
