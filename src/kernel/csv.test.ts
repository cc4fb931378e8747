import { expect, it } from 'vitest';
import { csvRow } from './csv.ts';

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
