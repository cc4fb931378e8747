import { expect, it } from 'vitest';
import { CLASSES, classNo, classOf, groupNo } from './numbering.ts';

it('puts clients and servers into one group, and every other class into its own', () => {
  expect(CLASSES.map((cls) => groupNo(classNo(cls)))).toEqual([0, 0, 1, 2]);
});

it('reads back the numbers of classes, and takes any other for unknown', () => {
  expect(CLASSES.map((cls) => classOf(classNo(cls)))).toEqual(CLASSES);
  expect(classOf(4)).toBe('unknown');
});
