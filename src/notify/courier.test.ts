import { afterEach, describe, expect, it, vi } from 'vitest';
import { openCondition } from '../../test/support/conditions.ts';
import { systemClock } from '../kernel/clock.ts';
import { silentLogger } from '../kernel/logger.ts';
import { err, ok } from '../kernel/result.ts';
import { MINUTE_MS, millis } from '../kernel/time.ts';
import { type Alert, isResolved } from './alert.ts';
import { Notifier, type OutboxMemory } from './notifier.ts';
import type { OutboxEntry } from './outbox.ts';
import type { Delivered } from './post.ts';
import type { Receiver } from './receiver.ts';

/** A receiver that answers what the test says, on its own clock. */
class Double implements Receiver {
  readonly name = 'webhook-1';
  readonly max = 3;
  readonly key: string;
  readonly resendAfter: number | undefined;
  readonly messages: string[] = [];
  readonly times: number[] = [];
  answer: Delivered = ok(undefined);

  constructor(resendAfter?: number, key = 'generic:1') {
    this.resendAfter = resendAfter;
    this.key = key;
  }

  async deliver(alerts: readonly Alert[], { now }: { now: number }): Promise<Delivered> {
    this.times.push(now);
    if (this.answer.ok) {
      const texts = alerts.map((alert) => `${isResolved(alert) ? '-' : '+'}${alert.labels['host']}`);
      this.messages.push(texts.join(' '));
    }
    return this.answer;
  }
}

class Memory implements OutboxMemory {
  readonly disk = new Map<string, Map<string, OutboxEntry>>();
  works = true;

  async load() {
    return new Map([...this.disk].map(([key, rows]) => [key, [...rows.values()]]));
  }

  async save(receiver: string, put: readonly OutboxEntry[], drop: readonly string[]) {
    if (!this.works) return false;
    const rows = this.disk.get(receiver) ?? new Map<string, OutboxEntry>();
    for (const entry of put) rows.set(entry.alert.fingerprint, entry);
    for (const fingerprint of drop) rows.delete(fingerprint);
    this.disk.set(receiver, rows);
    return true;
  }

  async keep(receivers: readonly string[]) {
    for (const key of this.disk.keys()) if (!receivers.includes(key)) this.disk.delete(key);
  }
}

const WALL = { now: systemClock.now, isInDoubt: false };

const hosts = (...names: readonly string[]) => names.map((name) => openCondition(name));

async function start(receiver: Receiver, memory = new Memory()): Promise<Notifier> {
  const random = { int: () => 0, bytes: () => new Uint8Array() };
  const notifier = new Notifier({ memory, clock: systemClock, wallClock: WALL, random, logger: silentLogger });
  await notifier.configure([receiver]);
  return notifier;
}

describe('the notifier', () => {
  vi.useFakeTimers();
  let notifier: Notifier | undefined;
  afterEach(async () => notifier?.stop());
  const take = async (...names: readonly string[]): Promise<void> => {
    await notifier?.update(hosts(...names), millis(Date.now()));
    await vi.advanceTimersByTimeAsync(0);
  };

  it('tells what fires, and not what has not held for its hold time', async () => {
    const receiver = new Double();
    notifier = await start(receiver);
    await notifier.update([openCondition('a', { firing: false }), openCondition('b')], millis(Date.now()));
    await vi.advanceTimersByTimeAsync(0);
    expect(receiver.messages).toEqual(['+b']);
  });

  it('ends an outage with one message of each alert, not with a storm', async () => {
    const receiver = new Double();
    receiver.answer = err({ text: 'HTTP 500', retryAfter: undefined });
    notifier = await start(receiver);
    await take('a');
    for (let minute = 0; minute < 60; minute += 1) {
      await take(...(minute % 2 === 0 ? ['a', 'b'] : ['a']));
      await vi.advanceTimersByTimeAsync(MINUTE_MS);
    }
    // The back-off grows to five minutes, of which chance leaves out up to a half.
    expect(receiver.times.length).toBeLessThan(60 / 2.5 + 10);
    expect(notifier.state()).toMatchObject([{ pending: 2, error: 'HTTP 500' }]);
    receiver.answer = ok(undefined);
    await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
    expect(receiver.messages).toEqual(['+a -b']);
    expect(notifier.state()).toMatchObject([{ pending: 0, delivered: 1, error: undefined }]);
  });

  it('waits as long as it is asked to', async () => {
    const receiver = new Double();
    receiver.answer = err({ text: 'HTTP 429', retryAfter: 10 * MINUTE_MS });
    notifier = await start(receiver);
    await take('a');
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS - 1);
    expect(receiver.times).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(receiver.times).toHaveLength(2);
  });

  it('sends no more alerts in a message than its receiver takes', async () => {
    const receiver = new Double();
    notifier = await start(receiver);
    await take('a', 'b', 'c', 'd');
    expect(receiver.messages).toEqual(['+a +b +c', '+d']);
  });

  it('tells Alertmanager again and again while an alert fires, and that it is over', async () => {
    const receiver = new Double(MINUTE_MS);
    notifier = await start(receiver);
    await take('a');
    await vi.advanceTimersByTimeAsync(2.5 * MINUTE_MS);
    expect(receiver.messages).toEqual(['+a', '+a', '+a']);
    await take('a', 'b');
    await take('b');
    expect(receiver.messages.slice(3)).toEqual(['+b', '-a']);
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(receiver.messages.slice(5)).toEqual(['+b']);
  });

  it('loses nothing by a restart, and does not send again what was sent', async () => {
    const memory = new Memory();
    const receiver = new Double();
    notifier = await start(receiver, memory);
    await take('a');
    receiver.answer = err({ text: 'HTTP 500', retryAfter: undefined });
    await take('a', 'b');
    await take('a');
    await notifier.stop();
    const again = new Double();
    notifier = await start(again, memory);
    await vi.advanceTimersByTimeAsync(0);
    expect(again.messages).toEqual(['-b']);
    await take('a');
    expect(again.messages).toEqual(['-b']);
    await take();
    expect(again.messages).toEqual(['-b', '-a']);
    expect(memory.disk.get('generic:1')?.size).toBe(0);
  });

  it('writes down later what could not be written', async () => {
    const memory = new Memory();
    memory.works = false;
    const receiver = new Double();
    notifier = await start(receiver, memory);
    await take('a');
    expect(receiver.messages).toEqual(['+a']);
    memory.works = true;
    await take('a');
    expect(memory.disk.get('generic:1')?.size).toBe(1);
  });

  it('goes on counting over a reload: somebody who cannot be reached is not reached by reading a file', async () => {
    const receiver = new Double();
    receiver.answer = err({ text: 'HTTP 500', retryAfter: undefined });
    notifier = await start(receiver);
    await take('a');
    const lastFailed = Date.now();
    expect(notifier.state()).toMatchObject([{ failed: 1, lastFailed, error: 'HTTP 500' }]);
    await vi.advanceTimersByTimeAsync(100);
    receiver.answer = ok(undefined);
    await notifier.configure([receiver]);
    expect(notifier.state()).toMatchObject([{ failed: 1, lastFailed }]);
  });

  it('keeps the queue of a receiver over a reload, and forgets one that is gone', async () => {
    const memory = new Memory();
    const receiver = new Double();
    receiver.answer = err({ text: 'HTTP 500', retryAfter: undefined });
    notifier = await start(receiver, memory);
    await take('a');
    const other = new Double(undefined, 'generic:2');
    await notifier.configure([receiver, other]);
    expect(notifier.state()).toMatchObject([{ pending: 1 }, { pending: 0 }]);
    await notifier.configure([other]);
    expect([...memory.disk.keys()]).toEqual([]);
  });
});
