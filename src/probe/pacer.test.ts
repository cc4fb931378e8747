import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createPacer } from './pacer.ts';

test('a given number pass in one turn, the others in the next ones, in their order', async () => {
  const passed: number[] = [];
  const pass = createPacer(3);
  const enter = async (index: number): Promise<void> => {
    await pass();
    passed.push(index);
  };
  const all = Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(enter));

  const turns: number[][] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    await Promise.resolve();
    turns.push(passed.splice(0));
    await nextTurn();
  }

  expect(turns).toEqual([[0, 1, 2], [3, 4, 5], [6, 7], []]);
  await all;
});

test('after a pause one passes in the same turn again', async () => {
  const pass = createPacer(1);
  await pass();
  await nextTurn();
  const immediate = nextTurn('the next turn');

  expect(await Promise.race([immediate, pass().then(() => 'at once')])).toBe('at once');
  await immediate;
});
