import { XMLParser } from 'fast-xml-parser';
import { below, type EventFields, type Fields, isFields } from './fields.ts';

/**
 * Entities are left as they are and read by `unescape`, which knows the five and character references and no others; a
 * document type is refused before (`parseXml`), so nothing can be defined, expanded or fetched.
 */
const PARSER = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  trimValues: false,
  maxNestedTags: 32,
  isArray: (name) => name === 'Data',
});

/** The elements of a text as an object, names without prefixes; undefined when it is not XML or has a document type. */
export function parseXml(text: string): Fields | undefined {
  if (text.includes('<!DOCTYPE') || text.includes('<!ENTITY')) return undefined;
  try {
    const parsed: unknown = PARSER.parse(text);
    return isFields(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The fields in a text with an event, or with the inside of its `System` or `EventData` only. */
export function xmlEventFields(text: unknown): EventFields {
  const parsed = typeof text === 'string' ? parseXml(text) : undefined;
  const root = parsed ?? {};
  if ('Event' in root) return eventElementFields(root['Event']);
  return eventElementFields('System' in root ? root : { EventData: root });
}

/** The fields of an `Event` element: http://schemas.microsoft.com/win/2004/08/events/event. */
export function eventElementFields(element: unknown): EventFields {
  const event = isFields(element) ? element : {};
  const system = below(event, 'System');
  const data = below(event, 'EventData')['Data'];
  return {
    eventId: content(system['EventID']),
    provider: attribute(system['Provider'], '@Name'),
    channel: content(system['Channel']),
    host: content(system['Computer']),
    recordId: content(system['EventRecordID']),
    time: attribute(system['TimeCreated'], '@SystemTime'),
    data: Array.isArray(data) ? data.map(content) : [],
    message: content(below(event, 'RenderingInfo')['Message']),
  };
}

function attribute(element: unknown, name: string): string | undefined {
  return isFields(element) ? content(element[name]) : undefined;
}

/** The text of an element, with attributes or without. */
function content(element: unknown): string | undefined {
  const text = isFields(element) ? element['#text'] : element;
  return typeof text === 'string' ? unescapeXml(text) : undefined;
}

const NAMED = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** XML 1.0 4.1 and 4.6. What is none of these stays as it is written. */
function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return NAMED.get(name) ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
