import { SaxesParser } from 'saxes';
import { err, ok, type Result } from '../kernel/result.ts';
import { escapeXml } from './escape.ts';
import { MAX_ATTRIBUTES, MAX_CHARACTERS, MAX_DEPTH, MAX_ELEMENTS } from './limits.ts';

/** An element as far as WS-Management needs it: names without prefixes, since hosts choose them as they like. */
export interface XmlElement {
  /** Local name. */
  readonly name: string;
  /** By local name; declarations of namespaces are left out. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

interface Growing extends XmlElement {
  readonly children: Growing[];
  text: string;
}

export type XmlProblem = 'too_large' | 'malformed';

/**
 * A reader that takes a document in pieces, as it comes from the network. It knows the five entities and character
 * references; a document type, which could define more, is refused. It never throws, and keeps no more than its limits.
 */
export class XmlReader {
  readonly #parser = new SaxesParser({ xmlns: false, position: false });
  readonly #open: Growing[] = [];
  #root: Growing | undefined;
  #problem: XmlProblem | undefined;
  #characters = 0;
  #elements = 0;
  #attributes = 0;

  constructor() {
    const parser = this.#parser;
    parser.on('error', () => this.#fail('malformed'));
    parser.on('doctype', () => this.#fail('malformed'));
    parser.on('attribute', () => {
      this.#attributes += 1;
      if (this.#attributes > MAX_ATTRIBUTES) this.#fail('malformed');
    });
    parser.on('opentag', ({ name, attributes }) => this.#start(name, attributes));
    parser.on('closetag', () => this.#open.pop());
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
  }

  /** @returns false when the rest need not be read: the document is refused already */
  write(piece: string): boolean {
    this.#characters += piece.length;
    if (this.#characters > MAX_CHARACTERS) this.#fail('too_large');
    if (this.#problem === undefined) this.#parser.write(piece);
    return this.#problem === undefined;
  }

  /** The root element, once all has been written. */
  end(): Result<XmlElement, XmlProblem> {
    if (this.#problem === undefined) this.#parser.close();
    if (this.#problem !== undefined) return err(this.#problem);
    return this.#root === undefined ? err('malformed') : ok(this.#root);
  }

  #start(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#attributes = 0;
    this.#elements += 1;
    if (this.#elements > MAX_ELEMENTS) this.#fail('too_large');
    if (this.#open.length >= MAX_DEPTH) this.#fail('malformed');
    if (this.#problem !== undefined) return;
    const element: Growing = { name: localName(name), attributes: withoutPrefixes(attributes), children: [], text: '' };
    this.#open.at(-1)?.children.push(element);
    this.#root ??= element;
    this.#open.push(element);
  }

  #text(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined && this.#problem === undefined) element.text += text;
  }

  #fail(problem: XmlProblem): void {
    this.#problem ??= problem;
  }
}

/** Reads a whole document; see `XmlReader`. */
export function readXml(text: string): Result<XmlElement, XmlProblem> {
  const reader = new XmlReader();
  reader.write(text);
  return reader.end();
}

/** The first child with this local name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((each) => each.name === name);
}

/** The first element with this local name in the element, at any depth; itself aside. */
export function descendant(element: XmlElement | undefined, name: string): XmlElement | undefined {
  for (const each of element?.children ?? []) {
    const found = each.name === name ? each : descendant(each, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** True for an element that says `xsi:nil`. */
export function isNil({ attributes }: XmlElement): boolean {
  return attributes['nil'] === 'true' || attributes['nil'] === '1';
}

/**
 * An element as text that stands alone, in one namespace or none. Space between elements is left out, text is kept as
 * it is.
 */
export function writeXml(element: XmlElement, namespace?: string): string {
  const declared = namespace === undefined ? '' : ` xmlns="${escapeXml(namespace)}"`;
  const attributes = Object.entries(element.attributes).map(([name, value]) => ` ${name}="${escapeXml(value)}"`);
  const start = `<${element.name}${declared}${attributes.join('')}`;
  const inside = element.children.map((each) => writeXml(each)).join('');
  const text = inside !== '' && element.text.trim() === '' ? '' : escapeXml(element.text);
  return text === '' && inside === '' ? `${start}/>` : `${start}>${text}${inside}</${element.name}>`;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function withoutPrefixes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const bare: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) bare[localName(name)] = value;
  }
  return bare;
}
