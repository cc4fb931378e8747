/** The two languages of queries: words of WQL are in any case and its texts know `\`; XPath is exact. */
export type Dialect = 'wql' | 'xpath';

export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'sign';
  readonly value: string;
}

/** A query of which nothing can be made: its reader gives up, and its door answers with a fault. */
export class QueryError extends Error {}

/** Longer and more involved than any query of use is. */
const MAX_LENGTH = 16_384;
const MAX_TOKENS = 2_000;

const TOKEN: Readonly<Record<Dialect, RegExp>> = {
  wql: /\s*(?:(?<word>[A-Za-z_]\w*)|(?<number>-?\d+(?:\.\d+)?)|'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)"|(?<sign><>|!=|<=|>=|[=<>(),*]))/suy,
  xpath:
    /\s*(?:(?<word>[A-Za-z_][\w-]*)|(?<number>-?\d+(?:\.\d+)?)|'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<sign>!=|<=|>=|[=<>()[\]@*/]))/suy,
};

/** A query's words one after the other. */
export class Tokens {
  readonly dialect: Dialect;
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @throws QueryError when there is something else than tokens in it, or too much of it */
  constructor(text: string, dialect: Dialect) {
    this.dialect = dialect;
    this.#tokens = [...tokenize(text, dialect)];
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** Goes on when the next token is that keyword or sign. */
  accept(value: string): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === 'text' || token.kind === 'number') return false;
    const found = this.dialect === 'wql' ? token.value.toLowerCase() : token.value;
    if (found !== value) return false;
    this.#at += 1;
    return true;
  }

  expect(value: string): void {
    if (!this.accept(value)) throw new QueryError(`expected ${value}`);
  }

  next(...kinds: readonly Token['kind'][]): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined || !kinds.includes(token.kind)) throw new QueryError(`expected a ${kinds.join(' or a ')}`);
    this.#at += 1;
    return token;
  }

  /** The first of these signs that comes next. */
  acceptOneOf<T extends string>(values: readonly T[]): T | undefined {
    return values.find((value) => this.accept(value));
  }
}

function* tokenize(text: string, dialect: Dialect): Iterable<Token> {
  if (text.length > MAX_LENGTH) throw new QueryError('it is too long');
  const end = text.trimEnd().length;
  const pattern = new RegExp(TOKEN[dialect]);
  for (let count = 0; pattern.lastIndex < end; count += 1) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined || count >= MAX_TOKENS) throw new QueryError('it cannot be read');
    yield tokenOf(groups, dialect);
  }
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, dialect: Dialect): Token {
  const { word, number, single, double, sign } = groups;
  if (word !== undefined) return { kind: 'word', value: word };
  if (number !== undefined) return { kind: 'number', value: number };
  if (sign !== undefined) return { kind: 'sign', value: sign };
  const quoted = single ?? double ?? '';
  return { kind: 'text', value: dialect === 'wql' ? quoted.replace(/\\(.)/gsu, '$1') : quoted };
}
