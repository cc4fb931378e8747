import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEventPage, readIdentity, readPage, readSubscribed } from './answers.ts';
import { escapeXml } from './escape.ts';
import { bookmarkForRequest } from './event-query.ts';
import { readFault } from './fault.ts';
import { child, descendant, readXml, type XmlElement } from './xml.ts';

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

/** What is in the element and in those inside it. */
function textsOf(element: XmlElement): ReadonlySet<string> {
  return new Set([element.text.trim(), ...element.children.flatMap((each) => [...textsOf(each)])]);
}

test('no document makes a reader throw', () => {
  fc.assert(
    fc.property(fc.oneof(tree, mangled, fc.string()), (text) => {
      const read = readXml(text);
      if (!read.ok) return;
      const content = descendant(read.value, 'Body')?.children[0] ?? read.value;
      const envelope = { header: child(read.value, 'Header') ?? read.value, content };
      const batch = readEventPage(envelope);
      // An event is an element that can be read again, or a text that goes on as it came, for its reader to refuse.
      const texts = textsOf(read.value);
      for (const event of batch?.events ?? []) expect(readXml(event).ok || texts.has(event)).toBe(true);
      if (batch?.bookmark !== undefined) expect(bookmarkForRequest(batch.bookmark)).toBe(batch.bookmark);
      readPage(envelope, 'PullResponse');
      readSubscribed(envelope);
      readIdentity(envelope);
      const fault = readFault(descendant(read.value, 'Fault') ?? read.value);
      expect(fault.text.length).toBeLessThanOrEqual(500);
    }),
    { numRuns: 2000, examples: [['<PullResponse><Items><Event>!</Event></Items></PullResponse>']] },
  );
});
