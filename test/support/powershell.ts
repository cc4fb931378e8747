import { fileURLToPath } from 'node:url';
import { Language, type Node, Parser } from 'web-tree-sitter';

const GRAMMAR = fileURLToPath(
  new URL('../../node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm', import.meta.url),
);

/** Reads PowerShell by its published grammar, and finds out from the syntax tree what a script can do. */
export class PowerShell {
  readonly #parser: Parser;

  static async load(): Promise<PowerShell> {
    await Parser.init();
    const parser = new Parser();
    parser.setLanguage(await Language.load(GRAMMAR));
    return new PowerShell(parser);
  }

  private constructor(parser: Parser) {
    this.#parser = parser;
  }

  read(text: string): Script {
    const tree = this.#parser.parse(text);
    if (tree === null) throw new Error('the parser was stopped');
    return new Script(tree.rootNode);
  }
}

export class Script {
  readonly #root: Node;
  /** Walked once: each step is a call into the grammar's own code. */
  readonly #nodes: readonly Node[];

  constructor(root: Node) {
    this.#root = root;
    this.#nodes = nodes(root);
  }

  /** Code that the grammar does not know, with its line, from 1. */
  get problems(): readonly string[] {
    return this.#nodes
      .filter((node) => node.isError || node.isMissing)
      .map((node) => `line ${node.startPosition.row + 1}: ${node.text.slice(0, 80)}`);
  }

  /** Names of the functions that it defines. */
  get functions(): readonly string[] {
    return this.#texts('function_name');
  }

  /** Names of the commands that it calls. */
  get commands(): readonly string[] {
    return this.#texts('command_name');
  }

  /** Whole calls by the operators `&` and `.`, which can run anything. */
  get invocations(): readonly string[] {
    return this.#nodes
      .filter(({ type }) => type === 'command_invokation_operator')
      .flatMap(({ parent }) => parent?.text ?? []);
  }

  /** The static members that it uses: `IO.File::Move`. */
  get staticMembers(): readonly string[] {
    return this.#members().flatMap(({ of, name }) =>
      of?.type === 'type_literal' ? `${of.text.slice(1, -1)}::${name}` : [],
    );
  }

  /** Methods that it calls of objects. */
  get methods(): readonly string[] {
    return this.#members()
      .filter(({ of, called }) => called && of?.type !== 'type_literal')
      .map(({ name }) => name);
  }

  /** Types that it makes objects of. */
  get created(): readonly string[] {
    return this.#nodes
      .filter((node) => node.type === 'command' && node.text.startsWith('New-Object'))
      .map((node) => /^New-Object (\S+)/.exec(node.text)?.[1] ?? node.text);
  }

  /** Parameters of the script itself. */
  get parameters(): readonly string[] {
    const block = this.#root.children.find((node) => node?.type === 'param_block');
    return nodes(block ?? null)
      .filter(({ type }) => type === 'script_parameter')
      .flatMap((node) => node.children.find((child) => child?.type === 'variable')?.text ?? []);
  }

  /** Names of all variables in it, lower case, without their scope. */
  get variables(): readonly string[] {
    return this.#texts('variable').map(bare);
  }

  /** Those that get a value: by an assignment, as a parameter, or by a loop. */
  get variablesSet(): readonly string[] {
    const names = this.#nodes.flatMap((node) => {
      // Its own name comes after its attributes, which have variables as well.
      if (node.type === 'script_parameter') return node.children.filter(isVariable).map(({ text }) => text);
      return SETTERS.has(node.type)
        ? nodes(node)
            .filter(isVariable)
            .slice(0, 1)
            .map(({ text }) => text)
        : [];
    });
    return names.map(bare);
  }

  /** Keys of the hash tables that a function writes, in their order. */
  keysIn(name: string): readonly string[] {
    return nodes(this.#function(name))
      .filter(({ type }) => type === 'key_expression')
      .map(({ text }) => text);
  }

  /** Texts in single quotes of the list that a function gives to a variable. */
  listIn(name: string, variable: string): readonly string[] {
    const list = new RegExp(String.raw`\$${variable} = @\(([^)]*)\)`).exec(this.#function(name)?.text ?? '')?.[1] ?? '';
    return [...list.matchAll(/'([^']*)'/g)].flatMap(([, text]) => text ?? []);
  }

  #function(name: string): Node | null {
    const statements = this.#nodes.filter(({ type }) => type === 'function_statement');
    return statements.find((node) => node.children.some((child) => child?.text === name)) ?? null;
  }

  #texts(type: string): string[] {
    return this.#nodes.filter((node) => node.type === type).map(({ text }) => text);
  }

  #members() {
    return this.#nodes
      .filter(({ type }) => type === 'member_name')
      .map((node) => ({
        name: node.text,
        of: node.parent?.firstChild,
        called: node.parent?.type === 'invokation_expression',
      }));
  }
}

/** The expression that assigns the first variable in it. */
const SETTERS: ReadonlySet<string> = new Set([
  'left_assignment_expression',
  'foreach_statement',
  'post_increment_expression',
]);

function isVariable({ type }: Node): boolean {
  return type === 'variable';
}

function bare(variable: string): string {
  return variable
    .replace(/^\$\{?(?:script:|global:)?/, '')
    .replace(/\}$/, '')
    .toLowerCase();
}

function nodes(root: Node | null): Node[] {
  if (root === null) return [];
  return [root, ...root.children.flatMap((child) => nodes(child))];
}
