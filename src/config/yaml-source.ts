import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { printable } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { fileMistake, type Mistake, type Path } from './mistakes.ts';

/** A parsed file: its plain values and their positions. */
export interface YamlSource {
  readonly data: unknown;
  /** Repeated keys; the last one counts. */
  readonly repeatedKeys: readonly Mistake[];
  /** The position of the key or value at a path; if the path is not in the file, that of its nearest parent. */
  locate(path: Path, part: 'key' | 'value'): { readonly line: number; readonly column: number };
}

/** Repeats of anchored values that one file may unfold to (against "billion laughs"). */
const MAX_ALIASES = 100;

const MISPLACED = 'the indentation does not fit: keys of one section start in the same column';

/** Advice for errors that the library words for programmers. */
const WORDS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_DQ_ESCAPE: 'a backslash in double quotes begins an escape: use single quotes, or / in a path',
  BAD_INDENT: MISPLACED,
  BAD_SCALAR_START: 'text cannot start with this character: put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'nested keys on one line: put text that contains ": " in quotes, or start a new line',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line and be followed by a colon',
  MULTIPLE_DOCS: 'a second document starts here: remove the line ---',
  TAB_AS_INDENT: 'indented with a tab: use spaces',
  TAG_RESOLVE_FAILED: 'unknown tag: put text that starts with ! in quotes',
  UNEXPECTED_TOKEN: 'not YAML: unexpected text',
};

/** The library has one code for all that is missing, and calls a list or map without its end wrongly indented. */
const MISSING: readonly (readonly [message: RegExp, words: string])[] = [
  [/^Sequence item without/, MISPLACED],
  [/^Flow sequence .* end with a \]$/, 'the list in brackets before this is not closed: put ] at its end'],
  [/^Flow map .* end with a }$/, 'the keys in braces before this are not closed: put } at their end'],
  [/^Missing closing ["']quote/, 'a text in quotes is not closed: put the same quote at its end'],
];

/**
 * Reads YAML 1.2.
 * @returns the source; or every place that is not YAML
 */
export function readYaml(text: string): Result<YamlSource, Mistake[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const errors = [...document.errors, ...document.warnings];
  const toMistake = (error: YAMLError): Mistake => ({
    path: '',
    ...placeOf(lines, startOf(error, text)),
    message: wordsOf(error, text),
  });
  // How deep the library gets depends on the stack, so the place that it gives says nothing.
  if (errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return err([fileMistake('nested too deeply')]);
  const [repeats, broken] = [errors.filter(isRepeat), errors.filter((error) => !isRepeat(error))];
  if (broken.length > 0) return err(errors.map(toMistake));
  const lost = aliasesWithoutAnchor(document).map(({ name, offset }): Mistake => {
    const message = `the alias '*${printable(name)}' has no anchor before it: put text that starts with * in quotes`;
    return { path: '', ...placeOf(lines, offset), message };
  });
  if (lost.length > 0) return err([...repeats.map(toMistake), ...lost]);
  const data = plainData(document);
  if (!data.ok) return data;
  return ok({
    data: data.value,
    repeatedKeys: repeats.map(toMistake),
    locate: (path, part) => placeOf(lines, offsetOf(document, path, part)),
  });
}

function isRepeat(error: YAMLError): boolean {
  return error.code === 'DUPLICATE_KEY';
}

/** The library points at a repeated key with the space and the comments before it. */
function startOf(error: YAMLError, text: string): number {
  const [start] = error.pos;
  return isRepeat(error) ? start + matchAt(/(?:\s|#.*)*/y, text, start).length : start;
}

function wordsOf(error: YAMLError, text: string): string {
  if (!isRepeat(error)) {
    const missing = MISSING.find(([message]) => message.test(error.message))?.[1];
    return missing ?? WORDS[error.code] ?? `not YAML: ${printable(error.message, 200)}`;
  }
  const key = matchAt(/[^\s:,{}]*/y, text, startOf(error, text));
  return `the key '${printable(key)}' appears twice: remove one of the two`;
}

function matchAt(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? '';
}

function aliasesWithoutAnchor(document: Document.Parsed): { name: string; offset: number }[] {
  const anchors = new Set<string>();
  const lost: { name: string; offset: number }[] = [];
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node) && node.anchor !== undefined) anchors.add(node.anchor);
    },
    Alias: (_key, { source, range }) => {
      if (!anchors.has(source)) lost.push({ name: source, offset: range?.[0] ?? 0 });
    },
  });
  return lost;
}

function plainData(document: Document): Result<unknown, Mistake[]> {
  try {
    return ok(document.toJS({ maxAliasCount: MAX_ALIASES }));
  } catch (error) {
    // What the library throws when aliases unfold to more than the limit.
    if (error instanceof ReferenceError) return err([fileMistake('too many aliases (*): write the values out')]);
    throw error;
  }
}

function placeOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function offsetOf(document: Document.Parsed, path: Path, part: 'key' | 'value'): number {
  let node: ParsedNode | null | undefined = document.contents;
  let offset = node?.range[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const next = stepInto(document, node, step);
    if (next === undefined) return offset;
    const wantsKey = part === 'key' && depth === path.length - 1;
    offset = next.value === undefined || (wantsKey && next.key !== undefined) ? (next.key ?? offset) : next.value;
    node = next.node;
  }
  return offset;
}

/** The node one step down, and the offsets of its key (in a map) and of its text (when there is any). */
function stepInto(document: Document.Parsed, parent: ParsedNode | null | undefined, step: PropertyKey) {
  const container = isAlias(parent) ? parent.resolve(document) : parent;
  if (isMap<ParsedNode, ParsedNode | null>(container)) {
    const pair = container.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair && { node: pair.value, key: pair.key.range[0], value: textOffset(pair.value) };
  }
  if (!isSeq<ParsedNode>(container)) return undefined;
  const item = container.items[Number(step)];
  return item && { node: item, key: undefined, value: item.range[0] };
}

function textOffset(node: ParsedNode | null): number | undefined {
  return node === null || node.range[0] === node.range[1] ? undefined : node.range[0];
}
