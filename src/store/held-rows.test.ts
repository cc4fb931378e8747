import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeldRows } from './held-rows.ts';

const WIDTH = 5;
/** What a lease has in it, and what a cell of 32 bits cannot hold. */
const value = fc.oneof(
  fc.constantFrom(null, 0, 0xffff_fffd, 0xffff_fffe, 0xffff_ffff, 9_999_999_999, -1, 0.5, '[[1,2]]', ''),
  fc.nat(),
);
const row = fc.array(value, { minLength: WIDTH, maxLength: WIDTH });
const change = fc.oneof(
  fc.record({ no: fc.nat({ max: 20 }), row }),
  fc.record({ no: fc.nat({ max: 20 }), column: fc.nat({ max: WIDTH - 1 }), cell: fc.nat() }),
  fc.constant('clear' as const),
);

test('what was put is what is there, whatever the values and the order', () => {
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const held = new HeldRows(WIDTH);
      const expected = new Map<number, (string | number | null)[]>();
      for (const one of changes) {
        if (one === 'clear') {
          held.clear();
          expected.clear();
        } else if ('row' in one) {
          held.put(one.no, one.row);
          expected.set(one.no, one.row);
        } else {
          expect(held.setCell(one.no, one.column, one.cell)).toBe(expected.has(one.no));
          const before = expected.get(one.no);
          if (before !== undefined) expected.set(one.no, before.with(one.column, one.cell));
        }
        for (let no = 0; no <= 20; no++) expect(held.get(no)).toEqual(expected.get(no));
        expect([...held.keys()].sort()).toEqual([...expected.keys()].sort());
      }
    }),
  );
});

test('more rows than one piece of memory holds', () => {
  const held = new HeldRows(2);
  for (let no = 1; no <= 10_000; no++) held.put(no, [no, null]);
  expect([held.size, held.get(1), held.get(4097), held.get(10_000)]).toEqual([
    10_000,
    [1, null],
    [4097, null],
    [10_000, null],
  ]);
});
