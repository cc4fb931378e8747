import { expect, it, test } from 'vitest';
import { Unreadable } from './steps.ts';
import { valueText } from './value-text.ts';

const octets = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const textOf = (type: number, bytes: Buffer): string => valueText(bytes, { type, start: 0, end: bytes.length });

test.each<[number, string, string]>([
  [0x00, '', ''],
  [0x01, '6b006d0073000000', 'kms'],
  [0x01, '', ''],
  [0x02, '6b6d7300', 'kms'],
  [0x03, 'ff', '-1'],
  [0x04, 'ff', '255'],
  [0x05, 'feff', '-2'],
  [0x06, '0230', '12290'],
  [0x07, 'feffffff', '-2'],
  [0x08, 'ffffffff', '4294967295'],
  [0x09, 'feffffffffffffff', '-2'],
  [0x0a, 'ffffffffffffffff', '18446744073709551615'],
  [0x0b, '0000c03f', '1.500000'],
  [0x0c, '000000000000f83f', '1.500000'],
  [0x0d, '01000000', 'true'],
  [0x0d, '00000000', 'false'],
  [0x0e, '00ffa5', '00FFA5'],
  [0x0f, '33a01b93 35a2 7e4c bd9d7305361f0d37', '{931BA033-A235-4C7E-BD9D-7305361F0D37}'],
  [0x10, '0f000000', '0xf'],
  [0x10, '0f00000000000080', '0x800000000000000f'],
  [0x11, '9adb5ace8826d701', '2021-03-31T23:51:45.0187674Z'],
  [0x11, '0000000000000000', '1601-01-01T00:00:00.0000000Z'],
  [0x11, 'ffffffffffffffff', '+060056-05-28T05:36:10.9551615Z'],
  [0x12, 'ea07 0500 0100 0400 0a00 0b00 0c00 7b00', '2026-05-04T10:11:12.123Z'],
  [0x13, '0101000000000005 12000000', 'S-1-5-18'],
  [0x14, '00000080', '0x80000000'],
  [0x15, '0000000000008000', '0x80000000000000'],
  [0x23, '0102', '0102'],
  [0x81, '61000000 0000 62000000', 'a,,b'],
  [0x86, '01000200', '1,2'],
  [0x93, '0101000000000005 12000000 0101000000000005 13000000', 'S-1-5-18,S-1-5-19'],
])('a value of type %i, %s, is %s', (type, hex, expected) => {
  expect(textOf(type, octets(hex))).toBe(expected);
});

it('refuses a value that has not the length of its type', () => {
  for (const [type, hex] of [
    [0x06, '02'],
    [0x0f, '00'],
    [0x10, '0000'],
    [0x13, '0102000000000005 12000000'],
    [0x93, '01ff000000000005'],
    [0x87, '0000000000'],
  ] as const) {
    expect(() => textOf(type, octets(hex))).toThrow(Unreadable);
  }
});
