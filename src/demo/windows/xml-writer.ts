import { NS } from './namespaces.ts';
import { SPELLING_RULES, type Spelling, type SpellingRules } from './spelling.ts';
import { type Element, escapeAttribute, escapeText, type Node, type QName } from './xml-element.ts';

/** Which prefixes mean which namespace where an element is. */
interface Scope {
  /** Namespace to prefix. */
  readonly prefixes: ReadonlyMap<string, string>;
  readonly byDefault: string;
}

/** An element as text. */
export function writeXml(root: Element, spelling: Spelling): string {
  return new XmlWriter(SPELLING_RULES[spelling]).write(root);
}

/** An element as it is inside an envelope of that spelling: what the envelope declares is not declared again. */
export function writeInEnvelope(item: Element, spelling: Spelling): string {
  return new XmlWriter(SPELLING_RULES[spelling]).writeInside(item);
}

class XmlWriter {
  readonly #rules: SpellingRules;

  constructor(rules: SpellingRules) {
    this.#rules = rules;
  }

  write(root: Element): string {
    const declarations = this.#outermost();
    return this.#element(root, { prefixes: declarations.prefixes, byDefault: '' }, declarations);
  }

  writeInside(item: Element): string {
    return this.#element(item, { prefixes: this.#outermost().prefixes, byDefault: '' });
  }

  #outermost(): Declarations {
    const declarations = new Declarations(new Map([[NS.xml, 'xml']]), this.#rules);
    for (const ns of this.#rules.declared) declarations.prefixOf(ns);
    return declarations;
  }

  #element(node: Element, scope: Scope, given?: Declarations): string {
    const declarations = given ?? new Declarations(new Map(scope.prefixes), this.#rules);
    const usesDefault = this.#rules.usesDefault || node.ns === '';
    let byDefault = scope.byDefault;
    const tag = usesDefault ? node.name : `${declarations.prefixOf(node.ns)}:${node.name}`;
    const attributes: string[] = [];
    if (usesDefault && node.ns !== byDefault) {
      byDefault = node.ns;
      attributes.push(this.#attribute('xmlns', byDefault));
    }
    for (const { ns, name, value } of node.attributes) {
      const spelt = ns === '' ? name : `${declarations.prefixOf(ns)}:${name}`;
      attributes.push(this.#attribute(spelt, typeof value === 'string' ? value : declarations.spell(value)));
    }
    for (const each of node.children) declareFor(each, declarations);
    const inner = { prefixes: declarations.prefixes, byDefault };
    const opened = [...declarations.made.map(([prefix, ns]) => this.#attribute(`xmlns:${prefix}`, ns)), ...attributes];
    const start = opened.length === 0 ? tag : `${tag} ${opened.join(' ')}`;
    if (node.children.length === 0) return `<${start}/>`;
    // Added up, not joined: a page of items would be copied at every level.
    return `<${start}>${node.children.reduce((written, each) => written + this.#node(each, inner), '')}</${tag}>`;
  }

  #node(node: Node, scope: Scope): string {
    if ('raw' in node) return node.raw;
    if ('text' in node) return escapeText(node.text);
    if ('nameText' in node) return new Declarations(new Map(scope.prefixes), this.#rules).spell(node.nameText);
    return this.#element(node, scope);
  }

  #attribute(name: string, value: string): string {
    return `${name}=${this.#rules.quote}${escapeAttribute(value)}${this.#rules.quote}`;
  }
}

/** What a child's attributes and a name as text need is declared on the parent, as Windows does. */
function declareFor(child: Node, declarations: Declarations): void {
  if ('nameText' in child) declarations.spell(child.nameText);
  if (!('attributes' in child)) return;
  for (const { ns } of child.attributes) if (ns !== '') declarations.prefixOf(ns);
}

/** Prefixes that hold inside an element, and those that it must declare itself. */
class Declarations {
  readonly prefixes: Map<string, string>;
  readonly made: (readonly [prefix: string, ns: string])[] = [];
  readonly #rules: SpellingRules;

  constructor(prefixes: Map<string, string>, rules: SpellingRules) {
    this.prefixes = prefixes;
    this.#rules = rules;
  }

  prefixOf(ns: string): string {
    const known = this.prefixes.get(ns);
    if (known !== undefined) return known;
    const taken = new Set(this.prefixes.values());
    const wanted = this.#rules.prefixes.get(ns) ?? 'p';
    let prefix = wanted;
    for (let i = 1; taken.has(prefix); i += 1) prefix = `${wanted}${i}`;
    this.prefixes.set(ns, prefix);
    this.made.push([prefix, ns]);
    return prefix;
  }

  spell({ ns, name }: QName): string {
    return ns === '' ? name : `${this.prefixOf(ns)}:${name}`;
  }
}
