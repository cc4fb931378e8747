import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NS } from './namespaces.ts';
import { SPELLINGS } from './spelling.ts';
import { type Element, element, withAttributes } from './xml-element.ts';
import { type ReadElement, readXml } from './xml-reader.ts';
import { writeXml } from './xml-writer.ts';

const NAMESPACES = [...Object.values(NS).filter((ns) => ns !== NS.xml), 'urn:other', 'urn:another'];

/** Any tree that can be said in XML, texts with all their special characters included. */
function trees(depth: number): fc.Arbitrary<Element> {
  return fc
    .record({
      ns: fc.constantFrom(...NAMESPACES),
      name: fc.constantFrom('Items', 'Value', 'Event'),
      attribute: fc.option(fc.tuple(fc.constantFrom(...NAMESPACES), fc.string())),
      text: fc.option(fc.string({ unit: 'grapheme' })),
      children: depth === 0 ? fc.constant([]) : fc.array(trees(depth - 1), { maxLength: 3 }),
    })
    .map(({ ns, name, attribute, text, children }) => {
      const base = element(ns, name, ...(text === null ? [] : [text]), ...children);
      return attribute === null ? base : withAttributes(base, [{ ns: attribute[0], name: 'kind' }, attribute[1]]);
    });
}

/** As the reader sees it. */
function expected(tree: Element): unknown {
  const texts = tree.children.map((each) => ('text' in each ? each.text : ''));
  return {
    ns: tree.ns,
    name: tree.name,
    text: texts.join(''),
    attributes: new Map(tree.attributes.map(({ name, value }) => [name, value])),
    children: tree.children.filter((each) => 'name' in each).map(expected),
  };
}

test.each(SPELLINGS)('what is spelt as %s is read as it was meant', (spelling) => {
  fc.assert(
    fc.property(trees(3), (tree) => {
      const read = readXml(writeXml(tree, spelling));

      expect(read.ok ? read.value : read.error).toEqual(expected(tree));
    }),
    { numRuns: 200 },
  );
});

test('a name as text has a prefix that holds there', () => {
  for (const spelling of SPELLINGS) {
    const xml = writeXml(element(NS.soap, 'Value', { nameText: { ns: NS.wsman, name: 'TimedOut' } }), spelling);
    const prefix = />(\w[\w-]*):TimedOut</.exec(xml)?.[1];

    expect(xml).toMatch(new RegExp(`xmlns:${prefix}=["']${NS.wsman}["']`));
  }
});

test('control characters become question marks', () => {
  const xml = writeXml(element('', 'a', '\u0001x\u0000\ud800\ufffe\t\r\n'), 'default-namespace');

  expect(xml).toBe('<a>?x???\t&#xD;\n</a>');
});

test('of two attributes of one name, the one without a namespace counts', () => {
  const read = readXml('<a xmlns:x="urn:x" x:Name="1" Name="2" x:Other="3"/>');

  expect(read).toMatchObject({
    ok: true,
    value: {
      attributes: new Map([
        ['Name', '2'],
        ['Other', '3'],
      ]),
    },
  });
});

test.each([
  ['', 'it is not valid XML'],
  ['<a>', 'it is not valid XML'],
  ['<a:b/>', 'it is not valid XML'],
  ['<a>&b;</a>', 'it is not valid XML'],
  ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'a document type definition is not allowed'],
  ['<a>'.repeat(40) + '</a>'.repeat(40), 'it has too many elements'],
  [`<a>${'<b/>'.repeat(5000)}</a>`, 'it has too many elements'],
])('%s is refused', (text, reason) => {
  expect(readXml(text)).toMatchObject({ ok: false, error: expect.stringContaining(reason) });
});

test('no text breaks the reader', () => {
  const pieces = fc.constantFrom(
    '<',
    '>',
    '/',
    'a',
    ':',
    '=',
    '"',
    '&',
    ';',
    'xmlns',
    '<![CDATA[',
    ']]>',
    '<!--',
    '<?x',
    '<a>',
    '</a>',
    ' ',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((parts) => parts.join('')),
      ),
      (text) => {
        const read: { ok: boolean; value?: ReadElement } = readXml(text);

        expect(read.ok).toBe(read.value !== undefined);
      },
    ),
    { numRuns: 500 },
  );
});
