import { expect, it } from 'vitest';
import { guidBytes, guidText } from './guid.ts';

const GUID = '2de67392-b7a7-462a-b1ca-108dd189f588';

it('reads back what it wrote, in 16 octets', () => {
  expect(guidBytes(GUID)).toHaveLength(16);
  expect(guidText(guidBytes(GUID))).toBe(GUID);
});

it('keeps the order of the texts', () => {
  const later = '2de67392-b7a7-462a-b1ca-108dd189f589';
  expect(Buffer.compare(guidBytes(GUID), guidBytes(later))).toBe(-1);
  expect([...guidBytes(GUID)].slice(0, 4)).toEqual([0x2d, 0xe6, 0x73, 0x92]);
});
