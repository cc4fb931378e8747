import { expect, it } from 'vitest';
import { damageLines, refusalLines } from './tell-refusals.ts';

const refused = (reason: string, ...records: number[]) =>
  records.map((record) => ({ place: `record ${record}`, reason }));

it('tells each cause once, with the first of its places', () => {
  const all = [...refused('no time', 1), ...refused('no id', 2, 3, 4, 5, 9), ...refused('cut off', 6, 7)];
  expect(refusalLines(all, 8)).toEqual([
    'record 1: no time',
    'record 2, record 3, record 4 and 2 more: no id',
    'record 6 and record 7: cut off',
  ]);
});

it('counts what is not told', () => {
  expect(refusalLines(refused('no id', 1, 2), 5)).toEqual(['record 1 and record 2: no id', 'and 3 more']);
  const many = Array.from({ length: 30 }, (_, index) => refused(`cause ${index}`, index)).flat();
  expect(refusalLines(many, 30)).toHaveLength(21);
  expect(refusalLines(many, 30).at(-1)).toBe('and 10 more');
});

it('tells little damage as it is, and much of it in a few lines', () => {
  expect(damageLines([], 0)).toEqual([]);
  expect(damageLines(['a', 'b'], 2)).toEqual(['a', 'b', expect.stringContaining('copy it again, in binary')]);
  const many = damageLines(['a', 'b', 'c', 'd'], 1994);
  expect(many).toHaveLength(5);
  expect(many.slice(0, 4)).toEqual([expect.stringContaining('damaged in 1994 places'), '  a', '  b', '  c']);
});
