import { describe, expect, test } from 'vitest';
import { readDocument } from './answer-reader.ts';

describe('the octets of an answer', () => {
  const document = '<?xml version="1.0"?><a>grün €  𝄞</a>';
  const utf16 = Buffer.from(`\ufeff${document}`, 'utf16le');

  test.each([
    ['UTF-8', Buffer.from(document), 'application/soap+xml;charset=UTF-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${document}`), ''],
    ['UTF-16 with a mark', utf16, ''],
    ['UTF-16 with a mark, big-endian', Buffer.from(utf16).swap16(), ''],
    ['UTF-16 by its content type', Buffer.from(document, 'utf16le'), 'application/soap+xml; charset="utf-16"'],
  ])('of %s, in pieces of every size', async (_, octets, contentType) => {
    for (const size of [1, 2, 3, 7, octets.length]) {
      const read = await readDocument(cut(octets, size), contentType);
      expect(read.ok && read.value.text).toBe('grün €  𝄞');
    }
  });

  test('that are no text are refused', async () => {
    expect(await readDocument(cut(Buffer.from('3c613eff3c2f613e', 'hex'), 3), '')).toMatchObject({
      error: 'malformed',
    });
    expect(await readDocument(cut(Buffer.from('3c'), 1), '')).toMatchObject({ error: 'malformed' });
  });

  test('without an end are read no further than the limit', async () => {
    let given = 0;
    const endless = async function* () {
      yield Buffer.from('<a>');
      for (;;) {
        given += 64 * 1024;
        yield Buffer.alloc(64 * 1024, 'x');
      }
    };

    expect(await readDocument(endless(), '')).toMatchObject({ error: 'too_large' });
    expect(given).toBeLessThan(1024 * 1024);
  });
});

async function* cut(octets: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}
