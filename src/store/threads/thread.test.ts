import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { NOW, requestRecord } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { manualClock } from '../../../test/support/manual-clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { seconds } from '../../kernel/time.ts';
import { openStore } from '../store.ts';
import { beginThread } from './begin-thread.ts';
import type { Calls, Message } from './messages.ts';
import { Thread } from './thread.ts';
import type { WriterCalls } from './writer-calls.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-thread-'));
});
afterEach(() => rm(folder, { recursive: true }));

function start<Known extends Calls>(module: './writer-thread' | './reader-thread', onEnd?: () => void) {
  const messages: Message[] = [];
  const settings = { path: join(folder, 'kmswatch.db'), settings: DEFAULT_SETTINGS, now: seconds(NOW) };
  const thread = new Thread<Known>(
    beginThread(module),
    settings,
    () => ({ now: seconds(NOW) }),
    (message) => void messages.push(message),
    onEnd,
  );
  return { thread, messages };
}

it('tells when the database is open, and gives each call its answer', async () => {
  const { thread, messages } = start<WriterCalls>('./writer-thread');
  expect(await thread.opened()).toEqual({ ok: true, value: undefined });
  const asked = [
    thread.call('logBookmark', hostName('kms1')),
    thread.call('loadOpenConditions'),
    thread.call('aggregates'),
  ] as const;
  expect(await Promise.all(asked)).toMatchObject([{ value: undefined }, { value: [] }, { value: { asOf: NOW } }]);
  expect(messages.every(({ version, bytes }) => version !== undefined && Number(bytes) > 0)).toBe(true);
  await thread.close();
  expect(await thread.call('tick')).toMatchObject({ ok: false, error: { reason: 'closed' } });
});

it('answers what was asked before it is closed', async () => {
  const { thread } = start<WriterCalls>('./writer-thread');
  await thread.opened();
  const asked = thread.call('saveOpenConditions', ['x']);
  await thread.close();
  expect(await asked).toEqual({ ok: true, value: undefined });
});

it('answers every call that waits when a bug ends it, and says once that it has ended', async () => {
  let ends = 0;
  const { thread } = start<WriterCalls>('./writer-thread', () => (ends += 1));
  const asked = await Promise.all([thread.call('retire', 5 as never), thread.call('loadOutbox')]);
  for (const answer of asked) expect(answer).toMatchObject({ ok: false, error: { reason: 'closed' } });
  expect(await thread.call('loadOutbox')).toMatchObject({ ok: false, error: { reason: 'closed' } });
  await thread.close();
  expect(ends).toBe(1);
});

it('says that a thread has ended that ended before it had anything to do', async () => {
  const begun = beginThread('./writer-thread');
  await begun.worker.terminate();
  let ends = 0;
  const settings = { path: join(folder, 'kmswatch.db'), settings: DEFAULT_SETTINGS, now: seconds(NOW) };
  const thread = new Thread<WriterCalls>(
    begun,
    settings,
    () => ({ now: seconds(NOW) }),
    () => {},
    () => (ends += 1),
  );
  expect(await thread.opened()).toMatchObject({ ok: false, error: { reason: 'closed' } });
  expect(await thread.call('loadOutbox')).toMatchObject({ ok: false, error: { reason: 'closed' } });
  expect(ends).toBe(1);
});

it('says nothing of its end if somebody ends it', async () => {
  let ends = 0;
  const { thread } = start<WriterCalls>('./writer-thread', () => (ends += 1));
  await thread.opened();
  await thread.terminate();
  expect(await thread.call('tick')).toMatchObject({ ok: false });
  expect(ends).toBe(0);
});

it('ends one question alone by a bug in it, and logs it', async () => {
  const logged: object[] = [];
  const logger = { ...silentLogger, error: (fields: object) => void logged.push(fields) };
  const opened = await openStore(join(folder, 'kmswatch.db'), {
    ...{ settings: DEFAULT_SETTINGS, clock: manualClock(NOW * 1000), logger },
  });
  if (!opened.ok) throw new Error(opened.error);
  const store = opened.value;
  await store.ingest('http', [requestRecord()]);
  const [wrong, right] = await Promise.all([store.explain(5 as never), store.explain('ws1')]);
  expect(wrong).toMatchObject({ ok: false, error: { reason: 'bug' } });
  expect(right).toMatchObject({ ok: true, value: { kind: 'seen', machine: 'ws1.corp.test' } });
  expect(logged).toEqual([{ error: expect.stringContaining("'explain'") }]);
  expect(store.state.up).toBe(true);
  await store.close();
});
