/** A name with its namespace; empty: none. */
export interface QName {
  readonly ns: string;
  readonly name: string;
}

export interface Attribute extends QName {
  /** A `QName` is written with whatever prefix its namespace has there. */
  readonly value: string | QName;
}

/** An element that the simulator sends: what it says, not how it is spelt. */
export interface Element extends QName {
  readonly attributes: readonly Attribute[];
  readonly children: readonly Node[];
}

/** Text, a name as text (a fault's subcode), XML that is already written, or an element. */
export type Node = Element | { readonly text: string } | { readonly nameText: QName } | { readonly raw: string };

export function element(ns: string, name: string, ...children: readonly (Node | string)[]): Element {
  return { ns, name, attributes: [], children: children.map((each) => (typeof each === 'string' ? text(each) : each)) };
}

/** The same element with attributes; a name without a namespace as `'Code'`. */
export function withAttributes(
  base: Element,
  ...attributes: readonly (readonly [QName | string, string | QName])[]
): Element {
  const added = attributes.map(([name, value]) =>
    typeof name === 'string' ? { ns: '', name, value } : { ...name, value },
  );
  return { ...base, attributes: [...base.attributes, ...added] };
}

/** XML that is well-formed by itself and declares its own namespaces. */
export function raw(xml: string): Node {
  return { raw: xml };
}

/** Control characters are sent as question marks, as Windows does ([MS-WSMV] 3.1.4.1.25). */
export function text(value: string): Node {
  return { text: value };
}

/** What XML 1.0 cannot carry: control characters but for white space, halves of pairs, and two that are none. */
const FORBIDDEN = /(?![\t\n\r\u007f-\u009f])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

/** All but the commonest characters. */
const SPECIAL = /[^\t\n\x20-\x25\x27-\x3b\x3d\x3f-\x7e]/;

export function escapeText(value: string): string {
  if (!SPECIAL.test(value)) return value;
  return value
    .replace(FORBIDDEN, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;');
}

export function escapeAttribute(value: string): string {
  return escapeText(value)
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\t', '&#x9;');
}
