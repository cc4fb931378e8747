import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeXml } from './escape.ts';
import { MAX_CHARACTERS, MAX_DEPTH } from './limits.ts';
import { readXml, writeXml } from './xml.ts';

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
});

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
