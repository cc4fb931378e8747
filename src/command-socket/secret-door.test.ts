import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../test/store/default-settings.ts';
import { syntheticRecord } from '../../test/store/synthetic.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { silentLogger } from '../kernel/logger.ts';
import { systemPaths } from '../kernel/system-paths.ts';
import { openStore } from '../store/store.ts';
import { readSecret, secretPath } from './secret-door.ts';
import { meetingOf } from './socket-protocol.ts';
import { serveStore } from './socket-server.ts';
import { reachStore, stopAgent } from './store-client.ts';

const NOW = 1_780_000_000;
const OPTIONS = { settings: DEFAULT_SETTINGS, clock: manualClock(NOW * 1000), logger: silentLogger };
let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-client-'));
  path = join(folder, 'kmswatch.db');
});
afterEach(() => rm(folder, { recursive: true }));

const records = Array.from({ length: 600 }, (_, n) => syntheticRecord(n, NOW - 5000));

describe('where anyone may open the way to the agent, as on Windows', () => {
  const guarded = () => ({ path: `${path}.pipe`, isGuarded: true });

  async function guardedAgent(onStop: () => void = () => {}) {
    const opened = await openStore(path, OPTIONS);
    if (!opened.ok) throw new Error(opened.error);
    const served = await serveStore(opened.value, path, { meeting: guarded(), onStop });
    if (!served.ok) throw new Error(served.error);
    return { store: opened.value, socket: served.value };
  }

  /** What comes back for lines, until the other side hangs up. */
  async function said(...lines: readonly string[]): Promise<string> {
    const raw = createConnection(guarded().path);
    raw.write(lines.map((line) => `${line}\n`).join(''));
    let text = '';
    for await (const chunk of raw) text += String(chunk);
    return text;
  }

  it('answers a command that knows the secret of the state folder', async () => {
    const { store, socket } = await guardedAgent();
    expect((await stat(secretPath(path))).mode & 0o777).toBe(0o600);
    const reached = await reachStore(path, OPTIONS, guarded());
    if (!reached.ok) throw new Error(reached.error);
    expect(reached.value.isAgent).toBe(true);
    expect(await reached.value.ingest('import', records)).toMatchObject({ ok: true, value: { accepted: 600 } });
    await reached.value.close();
    await socket.close();
    await store.close();
  });

  it('answers nothing to anyone else', async () => {
    const { store, socket } = await guardedAgent();
    const nonce = '0'.repeat(64);
    expect(await said('{"call":"recent","args":[1]}')).toBe('');
    expect(await said('x'.repeat(2000))).toBe('');
    // Its own proof, sent back, is none of a command.
    const [greeting = ''] = (
      await said(`{"hello":"${nonce}"}`, `{"proof":"${nonce}"}`, '{"call":"recent","args":[1]}')
    ).split('\n');
    expect(JSON.parse(greeting)).toEqual({ nonce: expect.any(String), proof: expect.any(String) });
    expect(
      await said(`{"hello":"${nonce}"}`, `{"proof":"${JSON.parse(greeting).proof}"}`, '{"call":"recent","args":[1]}'),
    ).not.toContain('"ok"');
    await socket.close();
    await store.close();
  });

  it('tells a user who may not read the secret, and has another one at each start', async () => {
    const first = await guardedAgent();
    const before = await readSecret(path);
    await rm(secretPath(path));
    const refused = await reachStore(path, OPTIONS, guarded());
    expect(refused).toMatchObject({ ok: false, error: expect.stringContaining('Run this as an administrator') });
    await first.socket.close();
    await first.store.close();
    const second = await guardedAgent();
    expect((await readSecret(path))?.equals(before ?? Buffer.alloc(0))).toBe(false);
    await second.socket.close();
    await second.store.close();
  });

  it('sends a stranger on the same name nothing that helps it', async () => {
    const { store, socket } = await guardedAgent();
    await socket.close();
    let heard = '';
    const stranger = createServer((one) =>
      one.on('data', (chunk) => {
        heard += String(chunk);
        one.write(`{"nonce":"${'0'.repeat(64)}","proof":"${'0'.repeat(64)}"}\n`);
      }),
    );
    await new Promise<void>((resolve) => stranger.listen(guarded().path, resolve));
    expect(await reachStore(path, OPTIONS, guarded())).toMatchObject({
      ok: false,
      error: expect.stringContaining('is not the agent'),
    });
    expect(heard).toMatch(/^\{"hello":"[0-9a-f]{64}"\}\n$/);
    expect(heard).not.toContain((await readSecret(path))?.toString('hex'));
    await new Promise((resolve) => stranger.close(resolve));
    await store.close();
  });

  it('ends the agent if a command asks for it, and says when it has ended', async () => {
    let isAsked = false;
    const { store, socket } = await guardedAgent(() => {
      isAsked = true;
      void socket.close();
    });
    expect(await stopAgent(path, guarded())).toEqual({ ok: true, value: true });
    expect(isAsked).toBe(true);
    expect(await stopAgent(path, guarded())).toEqual({ ok: true, value: false });
    await store.close();
  });
});

it('names a pipe of Windows by its database, whichever way it is written', () => {
  const windows = systemPaths('win32', {});
  const { path: pipe, isGuarded } = meetingOf('C:\\ProgramData\\kmswatch\\agent\\kmswatch.db', windows);
  expect(pipe).toMatch(/^\\\\\.\\pipe\\kmswatch-[0-9a-f]{32}$/);
  expect(isGuarded).toBe(true);
  expect(meetingOf('c:\\programdata\\KMSWATCH\\agent\\kmswatch.db', windows).path).toBe(pipe);
  expect(meetingOf('C:\\other.db', windows).path).not.toBe(pipe);
});
