import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocument } from './answer-reader.ts';
import { readEventPage, readIdentity, readPage, readSubscribed } from './answers.ts';
import { escapeXml, quoteWql } from './escape.ts';
import { bookmarkForRequest, bookmarkPositions } from './event-query.ts';
import { readFault } from './fault.ts';
import { MAX_CHARACTERS, MAX_DEPTH } from './limits.ts';
import { child, descendant, readXml, writeXml } from './xml.ts';

describe('reading XML', () => {
  test.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'malformed'],
    ['a document type without a subset', '<!DOCTYPE a><a/>', 'malformed'],
    ['an entity that nobody defined', '<a>&nbsp;</a>', 'malformed'],
    ['nothing', '', 'malformed'],
    ['text', 'Service Unavailable', 'malformed'],
    ['a page', '<html><body><p>Not found<br></body></html>', 'malformed'],
    ['half a document', '<a><b>', 'malformed'],
    ['two roots', '<a/><b/>', 'malformed'],
    ['too many elements inside one another', '<a>'.repeat(MAX_DEPTH + 1) + '</a>'.repeat(MAX_DEPTH + 1), 'malformed'],
    ['too many attributes', `<a ${Array.from({ length: 65 }, (_, n) => `a${n}="1"`).join(' ')}/>`, 'malformed'],
    ['too many elements', `<a>${'<b/>'.repeat(100_001)}</a>`, 'too_large'],
    ['too many characters', `<a>${' '.repeat(MAX_CHARACTERS)}</a>`, 'too_large'],
  ])('refuses %s', (_, text, problem) => {
    expect(readXml(text)).toEqual({ ok: false, error: problem });
  });

  test('accepts documents up to its limits', () => {
    expect(readXml('<a>'.repeat(MAX_DEPTH) + '</a>'.repeat(MAX_DEPTH)).ok).toBe(true);
    expect(readXml(`<a>${' '.repeat(MAX_CHARACTERS - 7)}</a>`).ok).toBe(true);
  });

  test('goes by local names and leaves namespace declarations out', () => {
    const read = readXml('<x:a xmlns:x="urn:x" xmlns="urn:y" x:b="1" c="2"><b/>t<![CDATA[<&]]></x:a>');

    expect(read.ok && read.value).toMatchObject({ name: 'a', attributes: { b: '1', c: '2' }, text: 't<&' });
    expect(read.ok && Object.keys(read.value.attributes)).toEqual(['b', 'c']);
  });

  test('reads back any text that was escaped', () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .map((value) => value.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/g, ''));
    fc.assert(
      fc.property(text, text, (value, attribute) => {
        const read = readXml(`<a b="${escapeXml(attribute)}">${escapeXml(value)}</a>`);
        if (!read.ok) return expect.unreachable('unsound');
        expect(read.value).toMatchObject({ text: value, attributes: { b: attribute } });
        expect(readXml(writeXml(read.value, 'urn:n'))).toEqual(read);
      }),
      { numRuns: 300 },
    );
  });

  test('characters that XML cannot hold do not break out of a request', () => {
    expect(escapeXml('a\u0000b\ud800c\uffff</x>"\'&')).toBe('a\ufffdb\ufffdc\ufffd&lt;/x&gt;&quot;&apos;&amp;');
    expect(quoteWql("o'neill\\")).toBe("'o\\'neill\\\\'");
  });
});

describe('the bytes of an answer', () => {
  const document = '<?xml version="1.0"?><a>grün €  𝄞</a>';
  const utf16 = Buffer.from(`\ufeff${document}`, 'utf16le');

  test.each([
    ['UTF-8', Buffer.from(document), 'application/soap+xml;charset=UTF-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${document}`), ''],
    ['UTF-16 with a mark', utf16, ''],
    ['UTF-16 with a mark, big-endian', Buffer.from(utf16).swap16(), ''],
    ['UTF-16 by its content type', Buffer.from(document, 'utf16le'), 'application/soap+xml; charset="utf-16"'],
  ])('are read as %s, in pieces of every size', async (_, octets, contentType) => {
    for (const size of [1, 2, 3, 7, octets.length]) {
      const read = await readDocument(cut(octets, size), contentType);
      expect(read.ok && read.value.text).toBe('grün €  𝄞');
    }
  });

  test('are refused if they are not valid text', async () => {
    expect(await readDocument(cut(Buffer.from('3c613eff3c2f613e', 'hex'), 3), '')).toMatchObject({
      error: 'malformed',
    });
    expect(await readDocument(cut(Buffer.from('3c'), 1), '')).toMatchObject({ error: 'malformed' });
  });

  test('are read no further than the limit if they do not end', async () => {
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

test('bookmarks are read as positions in logs', () => {
  const list =
    '<b:BookmarkList xmlns:b="urn:b"><b:Bookmark Channel="A" RecordId="12" IsCurrent="true"/><b:Bookmark Channel="B" RecordId="x"/></b:BookmarkList>';

  expect(bookmarkPositions(list)).toEqual([{ channel: 'A', recordId: 12 }]);
  expect(bookmarkPositions('nothing')).toBeUndefined();
  expect(bookmarkForRequest(list)).toBe(
    '<BookmarkList><Bookmark Channel="A" RecordId="12" IsCurrent="true"/><Bookmark Channel="B" RecordId="x"/></BookmarkList>',
  );
});

/** Names that mean something here, in any order and depth, some of it cut off or doubled. */
const NAMES = [
  'Envelope',
  'Header',
  'Body',
  'Fault',
  'Code',
  'Subcode',
  'Value',
  'Reason',
  'Text',
  'Detail',
  'WSManFault',
  'MSFT_WmiError',
  'Message',
  'error_Code',
  'EnumerateResponse',
  'PullResponse',
  'SubscribeResponse',
  'IdentifyResponse',
  'SubscriptionManager',
  'Identifier',
  'Items',
  'EnumerationContext',
  'EndOfSequence',
  'XmlFragment',
  'Event',
  'Bookmark',
  'BookmarkList',
  'RelatesTo',
  'SecurityProfiles',
];

const tree = fc.letrec<{ node: string }>((tie) => ({
  node: fc
    .tuple(
      fc.constantFrom(...NAMES),
      fc.constantFrom('', 'n:', 'w:', 's:'),
      fc.constantFrom('', ' xsi:nil="true"', " Code='2150858793'", ' Code="-2147024891"', ' RecordId="1"'),
      fc.oneof(
        { maxDepth: 6 },
        fc.string(),
        fc.array(tie('node'), { maxLength: 4 }).map((each) => each.join('')),
      ),
    )
    .map(
      ([name, prefix, attributes, inside]) =>
        `<${prefix}${name}${attributes}>${inside.startsWith('<') ? inside : escapeXml(inside)}</${prefix}${name}>`,
    ),
})).node;

const mangled = fc
  .tuple(tree, fc.nat(), fc.nat(), fc.constantFrom('', '<', '&', ']]>', '<!--', '\u0000', '<?x', '<!DOCTYPE a ['))
  .map(
    ([text, at, length, put]) =>
      text.slice(0, at % (text.length + 1)) + put + text.slice((at + (length % 8)) % (text.length + 1)),
  );

test('no document makes a reader throw', () => {
  fc.assert(
    fc.property(fc.oneof(tree, mangled, fc.string()), (text) => {
      const read = readXml(text);
      if (!read.ok) return;
      const content = descendant(read.value, 'Body')?.children[0] ?? read.value;
      const envelope = { header: child(read.value, 'Header') ?? read.value, content };
      const batch = readEventPage(envelope);
      for (const event of batch?.events ?? [])
        expect(readXml(event)).toMatchObject({ ok: true, value: { name: 'Event' } });
      if (batch?.bookmark !== undefined) expect(bookmarkForRequest(batch.bookmark)).toBe(batch.bookmark);
      readPage(envelope, 'PullResponse');
      readSubscribed(envelope);
      readIdentity(envelope);
      const fault = readFault(descendant(read.value, 'Fault') ?? read.value);
      expect(fault.text.length).toBeLessThanOrEqual(500);
    }),
    { numRuns: 2000 },
  );
});

async function* cut(octets: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}

test.each([
  ['a character', '\u0001', '\ufffe', '\uffff'],
  ['a reference', '&#1;', '&#x000B;', '&#xFFFF;', '&#65534;', '&#31;', '&#x1f;', '&#xD800;', '&#57343;', '&#x110000;'],
])('%s that XML forbids costs itself and no more', (_, ...forbidden) => {
  for (const each of forbidden) {
    const read = readXml(`<a>PC${each}1<b/><![CDATA[${each}]]></a>`);
    expect(read).toMatchObject({ value: { text: 'PC\ufffd1\ufffd', children: [{ name: 'b' }] } });
  }
});

test('references to what XML allows are read as they are', () => {
  expect(readXml('<a>&#9;&#xA;&#13;&#x41;&#x10FFFF;&#xFFFD;&#x100;&#160;</a>')).toMatchObject({
    value: { text: '\t\n\r\u0041\u{10ffff}\ufffd\u0100\u00a0' },
  });
});
