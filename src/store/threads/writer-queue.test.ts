import { expect, it } from 'vitest';
import { hostName } from '../../../test/support/host-name.ts';
import { seconds } from '../../kernel/time.ts';
import type { WriterCall } from './writer-calls.ts';
import { WriterQueue } from './writer-queue.ts';

let id = 0;

function records(count: number): WriterCall {
  id += 1;
  return { id, now: seconds(5), name: 'ingest', args: ['http', '[]', count, { ignored: 0, rejected: 0 }] };
}

function report(): WriterCall {
  id += 1;
  const told = {
    host: hostName('kms1'),
    time: seconds(5),
    counts: [],
    activationInterval: undefined,
  };
  return { id, now: seconds(5), name: 'takeReport', args: [told] };
}

function tick(): WriterCall {
  id += 1;
  return { id, now: seconds(5), name: 'tick', args: [] };
}

function question(): WriterCall {
  id += 1;
  return { id, now: seconds(5), name: 'aggregates', args: [] };
}

/** How many calls are answered together, one after the other. */
function lengthsOf(...calls: readonly WriterCall[]): number[] {
  const queue = new WriterQueue();
  for (const call of calls) queue.add(call);
  const taken: WriterCall[][] = [];
  for (const _ of calls) if (queue.size > 0) taken.push(queue.next());
  expect(taken.flat()).toEqual(calls);
  return taken.map(({ length }) => length);
}

it('takes senders together as long as a commit has no more than 4000 records', () => {
  expect(lengthsOf(records(1000), records(3000), records(1), records(4000), records(0))).toEqual([2, 1, 2]);
});

it('takes a sender of more than that alone, and does not leave it out', () => {
  expect(lengthsOf(records(9000), records(1))).toEqual([1, 1]);
});

it('takes reports together, up to another call', () => {
  expect(lengthsOf(report(), report(), tick(), report(), records(1), records(1))).toEqual([2, 1, 1, 2]);
});

it('takes a question before all that waits, and something else before the next question', () => {
  const queue = new WriterQueue();
  const calls = [records(4000), report(), question(), question(), records(1), question()];
  for (const call of calls) queue.add(call);
  const taken = calls.map(() => calls.indexOf(queue.next()[0] ?? tick()));
  expect(taken).toEqual([2, 0, 3, 1, 5, 4]);
});

it('takes any other call by itself', () => {
  expect(lengthsOf(tick(), tick())).toEqual([1, 1]);
});

it('knows whether only reports wait', () => {
  const queue = new WriterQueue();
  queue.add(report());
  expect(queue.hasOnlyReports).toBe(true);
  queue.add(tick());
  expect(queue.hasOnlyReports).toBe(false);
});

it('has nothing to take if nothing waits', () => {
  expect(new WriterQueue().next()).toEqual([]);
});
