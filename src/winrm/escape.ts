/** Characters that XML 1.0 2.2 forbids, however they are written. */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // As characters they would be made spaces of, in an attribute, or a line feed.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** In place of what XML cannot hold. */
export const REPLACEMENT = '\ufffd';

/** A text with U+FFFD for each character that XML cannot hold. */
export function replaceNotXml(text: string): string {
  return text.replace(NOT_XML, REPLACEMENT);
}

/** A text for an element or an attribute in either quote. What XML cannot hold becomes U+FFFD. */
export function escapeXml(text: string): string {
  return replaceNotXml(text).replace(/[&<>"'\t\n\r]/g, (character) => ENTITIES[character] ?? character);
}

/** A string literal of WQL, quotes included (https://learn.microsoft.com/windows/win32/wmisdk/wql-sql-for-wmi). */
export function quoteWql(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
