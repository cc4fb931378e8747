import { expect, it } from 'vitest';
import { columns } from './columns.ts';

it('lines up cells two blanks apart, and ends no line in blanks', () => {
  const rows = [
    ['host', 'count'],
    ['kms01.corp.test', ''],
    ['a', '7', 'late'],
  ];
  expect(columns(rows)).toEqual(['host             count', 'kms01.corp.test', 'a                7      late']);
});

it('gives colours no room', () => {
  const red = '\u001b[31mhost\u001b[39m';
  expect(
    columns([
      [red, 'x'],
      ['hosts', 'y'],
    ]),
  ).toEqual([`${red}   x`, 'hosts  y']);
});
