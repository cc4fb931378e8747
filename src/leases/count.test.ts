import { expect, test } from 'vitest';
import { type CountFacts, countOf, disagrees, isExact, isKnown, sufficiency } from './count.ts';

const YOUNG = { own: undefined, census: 3, wide: 3, spans: false } satisfies CountFacts;

function own(value: number, exact = true): CountFacts['own'] {
  return { value, exact, isHeld: false };
}

test.each([
  ['the log alone', YOUNG, 3],
  ['an exact number, whatever the log says', { ...YOUNG, own: own(2), census: 40 }, 2],
  ['a number at its cap and a smaller log', { ...YOUNG, own: own(50, false) }, 50],
  ['a number at its cap and a larger log', { ...YOUNG, own: own(50, false), census: 61 }, 61],
] satisfies [string, CountFacts, number][])('the count by %s', (_, facts, count) => {
  expect(countOf(facts)).toBe(count);
});

test.each([
  ['a young log', YOUNG, 'open'],
  ['a log that spans', { ...YOUNG, spans: true }, 'short'],
  ['a log that spans, and clients of unknown pool', { ...YOUNG, spans: true, wide: 5 }, 'open'],
  ['as many as needed', { ...YOUNG, census: 5 }, 'enough'],
  ['an exact number below', { ...YOUNG, own: own(4), census: 40 }, 'short'],
  ['an exact number', { ...YOUNG, own: own(5), census: 0 }, 'enough'],
] satisfies [string, CountFacts, string][])('what 5 clients are worth with %s', (_, facts, worth) => {
  expect(sufficiency(facts, 5)).toBe(worth);
  expect(isKnown(facts, 5)).toBe(worth !== 'open');
});

test.each([
  [3, 43, true],
  [38, 43, false],
  [37, 43, false],
  [30, 43, true],
  [43, 30, true],
  [12, 6, true],
  [11, 6, false],
])('a host that reports %d and a log of %d disagree: %s', (value, census, disagree) => {
  const facts = { own: own(value), census, wide: census, spans: true };
  expect(disagrees(facts)).toBe(disagree);
  expect(disagrees({ ...facts, spans: false })).toBe(false);
  expect(disagrees({ ...facts, own: own(value, false) })).toBe(false);
});

test('anything up to the census with clients of unknown pool agrees', () => {
  const facts = { census: 10, wide: 40, spans: true };
  expect([10, 40, 46, 54].map((value) => disagrees({ ...facts, own: own(value) }))).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

test.each([
  [49, 25, true],
  [50, 25, false],
  [9, 5, true],
  [10, 5, false],
  [9, undefined, true],
  [10, undefined, false],
  [11, undefined, true],
  [50, undefined, false],
  [60, undefined, false],
])('%d with a largest N-policy of %s is exact: %s', (value, n, exact) => {
  expect(isExact(value, n)).toBe(exact);
});
