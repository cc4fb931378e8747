import { SaxesParser, type SaxesTagNS } from 'saxes';
import { err, ok, type Result } from '../../kernel/result.ts';

/** An element that a client sent. */
export interface ReadElement {
  readonly ns: string;
  /** Local name. */
  readonly name: string;
  /** By local name; those without a namespace win over others of the same name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly ReadElement[];
  /** All text directly inside it. */
  readonly text: string;
}

type Open = Omit<ReadElement, 'children' | 'text'> & { children: ReadElement[]; text: string };

const UNSOUND = 'it is not valid XML';

/** No request that is of use comes near these. */
const MAX_DEPTH = 32;
const MAX_ELEMENTS = 5_000;

/**
 * A text as a tree of elements, with namespaces. A document type definition is refused, so only the five entities and
 * character references are known.
 * @param maxElements more than any request of use has, by default
 */
export function readXml(text: string, maxElements = MAX_ELEMENTS): Result<ReadElement, string> {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: Open[] = [];
  let root: Open | undefined;
  let problem: string | undefined;
  let count = 0;
  const refuse = (reason: string): void => {
    problem ??= reason;
  };
  parser.on('error', () => refuse(UNSOUND));
  parser.on('doctype', () => refuse('a document type definition is not allowed'));
  parser.on('opentag', (tag) => {
    count += 1;
    if (open.length >= MAX_DEPTH || count > maxElements) refuse('it has too many elements');
    if (problem !== undefined) return;
    const element = openElement(tag);
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const take = (piece: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.on('text', take);
  parser.on('cdata', take);
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  return problem === undefined && root !== undefined ? ok(root) : err(problem ?? UNSOUND);
}

/** The first child of that name; of any namespace when none is given. */
export function child(parent: ReadElement | undefined, name: string, ns?: string): ReadElement | undefined {
  return parent?.children.find((each) => each.name === name && (ns === undefined || each.ns === ns));
}

/** The text of the first child of that name without white space around it; empty when there is none. */
export function childText(parent: ReadElement | undefined, name: string, ns?: string): string {
  return child(parent, name, ns)?.text.trim() ?? '';
}

function openElement(tag: SaxesTagNS): Open {
  const attributes = new Map<string, string>();
  for (const { prefix, local, value } of Object.values(tag.attributes)) {
    if (prefix === 'xmlns' || local === 'xmlns') continue;
    if (prefix === '' || !attributes.has(local)) attributes.set(local, value);
  }
  return { ns: tag.uri, name: tag.local, attributes, children: [], text: '' };
}
