import { expect, it } from 'vitest';
import { csvHead, csvRow } from './csv.ts';

it.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@sum', "'@sum"],
  ['\tx', "'\tx"],
  ['\rx', `"'\rx"`],
  ['=a,b', `"'=a,b"`],
  ['plain', 'plain'],
  ['say "hi"', '"say ""hi"""'],
  [-5, '-5'],
  [true, 'true'],
  [null, ''],
] as const)('writes %j as a cell that no spreadsheet computes', (value, cell) => {
  expect(csvRow(['a', value])).toBe(`a,${cell}\r\n`);
});

it('begins a file so that a spreadsheet knows its letters', () => {
  expect(csvHead(['a', 'b'], ';')).toBe('\u{feff}a;b\r\n');
});

it('writes times as spreadsheets know them, and keeps the separator out of cells', () => {
  expect(csvRow(['2026-11-28T14:00:00Z', 'x;y', 'at 2026-11-28T14:00:00Z'], ';')).toBe(
    '2026-11-28 14:00:00;"x;y";at 2026-11-28T14:00:00Z\r\n',
  );
});
