import { expect, test } from 'vitest';
import { EventLoopYielder } from './event-loop-yielder.ts';

test('each who asks at the same time has a turn of the event loop alone, in the order of asking', async () => {
  const turns = new EventLoopYielder();
  let turn = 0;
  const counting = { stop: false };
  const count = (): void => {
    turn++;
    if (!counting.stop) setImmediate(count);
  };
  setImmediate(count);
  const had: (readonly [string, number])[] = [];
  await Promise.all(
    ['first', 'second', 'third'].map(async (name) => had.push([name, await turns.yieldToEventLoop().then(() => turn)])),
  );
  counting.stop = true;
  expect(had.map(([name]) => name)).toEqual(['first', 'second', 'third']);
  expect(new Set(had.map(([, when]) => when)).size).toBe(3);
});
