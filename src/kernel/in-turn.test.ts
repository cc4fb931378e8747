import { expect, it } from 'vitest';
import { InTurn } from './in-turn.ts';

it('begins each work when the one before has ended, well or not', async () => {
  const done: string[] = [];
  const turns = new InTurn();
  const first = turns.do(async () => {
    await Promise.resolve();
    done.push('first');
    throw new Error('fails');
  });
  const second = turns.do(async () => done.push('second'));

  await expect(first).rejects.toThrow('fails');
  expect(await second).toBe(2);
  await turns.idle;
  expect(done).toEqual(['first', 'second']);
});
