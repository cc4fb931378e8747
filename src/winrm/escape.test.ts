import { expect, test } from 'vitest';
import { escapeXml, quoteWql } from './escape.ts';

test('characters that XML cannot hold do not break out of a request', () => {
  expect(escapeXml('a\u0000b\ud800c\uffff</x>"\'&')).toBe('a\ufffdb\ufffdc\ufffd&lt;/x&gt;&quot;&apos;&amp;');
  expect(quoteWql("o'neill\\")).toBe("'o\\'neill\\\\'");
});
