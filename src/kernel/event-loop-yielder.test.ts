import { expect, test } from 'vitest';
import { EventLoopYielder } from './event-loop-yielder.ts';

test('callers that yield at the same time each get their own turn of the event loop, in the order of their calls', async () => {
  const yielder = new EventLoopYielder();
  let turn = 0;
  const counting = { stop: false };
  const count = (): void => {
    turn++;
    if (!counting.stop) setImmediate(count);
  };
  setImmediate(count);
  const had: (readonly [string, number])[] = [];
  await Promise.all(
    ['first', 'second', 'third'].map(async (name) =>
      had.push([name, await yielder.yieldToEventLoop().then(() => turn)]),
    ),
  );
  counting.stop = true;
  expect(had.map(([name]) => name)).toEqual(['first', 'second', 'third']);
  expect(new Set(had.map(([, when]) => when)).size).toBe(3);
});
