import { SaxesParser } from 'saxes';
import { err, ok, type Result } from '../kernel/result.ts';
import { escapeXml, REPLACEMENT, replaceNotXml } from './escape.ts';
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
  children: Growing[];
  text: string;
}

/** Most elements have neither: one of each serves them all. Nothing is ever put into these. */
const NO_CHILDREN: Growing[] = [];
const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

export type XmlProblem = 'too_large' | 'malformed';

/**
 * Reads a whole document. It knows the five entities and character references; a document type, which could define more,
 * is refused. It never throws, and keeps no more than its limits.
 */
export function readXml(text: string): Result<XmlElement, XmlProblem> {
  return text.length > MAX_CHARACTERS ? err('too_large') : new Reader().read(withoutForbidden(text));
}

const REFERENCE = /&#(?:x([\da-f]{1,8})|(\d{1,10}));/gi;

/**
 * What XML forbids (XML 1.0 2.2) is in texts that hosts have from elsewhere, such as a machine's name, as it is or as
 * a reference; one of them must not cost the whole answer, which would come again and again. What looks like such a
 * reference in a CDATA section is replaced all the same.
 */
function withoutForbidden(text: string): string {
  return replaceNotXml(text).replace(REFERENCE, (reference, hexadecimal, decimal) => {
    const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
    const character = code > 0x10ffff ? REPLACEMENT : replaceNotXml(String.fromCodePoint(code));
    return character === REPLACEMENT ? REPLACEMENT : reference;
  });
}

/** So much is given to the parser at once; a document that is refused is read no further. */
const PIECE = 16 * 1024;

class Reader {
  readonly #parser = new SaxesParser({ xmlns: false, position: false });
  readonly #open: Growing[] = [];
  #root: Growing | undefined;
  #problem: XmlProblem | undefined;
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

  read(text: string): Result<XmlElement, XmlProblem> {
    for (let at = 0; at < text.length && this.#problem === undefined; at += PIECE) {
      this.#parser.write(text.slice(at, at + PIECE));
    }
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
    const element = { name: localName(name), attributes: withoutPrefixes(attributes), children: NO_CHILDREN, text: '' };
    const parent = this.#open.at(-1);
    if (parent?.children === NO_CHILDREN) parent.children = [element];
    else parent?.children.push(element);
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
 * An element as text that needs nothing around it, in one namespace or none. Space between elements is left out, text is kept as
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

function withoutPrefixes(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const own = Object.entries(attributes).filter(([name]) => name !== 'xmlns' && !name.startsWith('xmlns:'));
  if (own.length === 0) return NO_ATTRIBUTES;
  const bare: Record<string, string> = Object.create(null);
  for (const [name, value] of own) bare[localName(name)] = value;
  return bare;
}
