import { expect, it } from 'vitest';
import { readObject } from './read-object.ts';

it('reads an object, and nothing of a text that is damaged', () => {
  const texts = ['{"a":1}', '[2]', '{"a', '', 'null', '5', '"a"'];
  expect(texts.map((text) => readObject(text))).toEqual([{ a: 1 }, [2], ...Array(5).fill(undefined)]);
});
