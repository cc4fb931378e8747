import { expect, test } from 'vitest';
import { encodeBind, KMS_INTERFACE, NDR, NDR64, syntaxId } from './pdu.ts';

const HEADER_AND_CONTEXT = '05000b03 10000000 48000000 01000000 d016d016 00000000 01000000 00000100';
const KMS = '7521c8514e845047b0d8ec255555bc06 01000000';

test.each([
  { name: 'NDR', transfer: NDR, octets: '045d888aeb1cc9119fe808002b104860 02000000' },
  { name: 'NDR64', transfer: NDR64, octets: '33057171babe37498319b5dbef9ccc36 01000000' },
])('a bind to the KMS interface with $name has these 72 octets', ({ transfer, octets }) => {
  const bind = encodeBind(KMS_INTERFACE, transfer);

  expect(Buffer.from(bind).toString('hex')).toBe(`${HEADER_AND_CONTEXT}${KMS}${octets}`.replaceAll(' ', ''));
  expect(bind).toHaveLength(72);
});

test('a bind to any interface carries its UUID and version', () => {
  const bind = encodeBind(syntaxId('00112233-4455-6677-8899-aabbccddeeff', 3, 9), NDR);

  expect(Buffer.from(bind.subarray(32, 52)).toString('hex')).toBe('33221100554477668899aabbccddeeff03000900');
});
