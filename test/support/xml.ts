import { SaxesParser } from 'saxes';

/** An element of a small document. */
export class XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[] = [];
  text = '';

  constructor(name: string, attributes: Readonly<Record<string, string>>) {
    this.name = name;
    this.attributes = attributes;
  }

  /** The one element at these names below it. */
  at(...names: readonly string[]): XmlElement {
    const [name, ...rest] = names;
    if (name === undefined) return this;
    const found = this.children.filter((child) => child.name === name);
    if (found.length !== 1 || found[0] === undefined)
      throw new Error(`${found.length} elements ${name} in ${this.name}`);
    return found[0].at(...rest);
  }
}

/** Reads a whole document; throws where it is not well-formed. */
export function readXml(text: string): XmlElement {
  const document = new XmlElement('', {});
  const open = [document];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = new XmlElement(name, attributes);
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const take = (part: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  };
  parser.on('text', take);
  parser.on('cdata', take);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  const [root] = document.children;
  if (root === undefined) throw new Error('there is no element');
  return root;
}
