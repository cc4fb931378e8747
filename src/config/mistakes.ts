/** Something in the configuration that a person has to change. */
export interface Mistake {
  /** As in `hosts[0].port`; empty for the whole file. */
  readonly path: string;
  /** From 1; 0 when there is no text to point at. */
  readonly line: number;
  /** From 1, in UTF-16 units; 0 when there is no text to point at. */
  readonly column: number;
  /** The mistake, and what was expected. */
  readonly message: string;
}

/** Keys and list positions from the top of the file. */
export type Path = readonly PropertyKey[];

/** A mistake of the file as such, which has no place in it. */
export function fileMistake(message: string): Mistake {
  return { path: '', line: 0, column: 0, message };
}

/** One line a mistake: `FILE:LINE:COLUMN: PATH: MESSAGE`, as editors and terminals make links of it. */
export function formatMistakes(file: string, mistakes: readonly Mistake[]): string[] {
  return mistakes.map(({ path, line, column, message }) => {
    const place = line === 0 ? file : `${file}:${line}:${column}`;
    return path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`;
  });
}

export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? String(step) : `.${String(step)}`;
  }
  return text;
}

/** In the order in which a person goes through the file. */
export function inOrder(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column || (a.path < b.path ? -1 : 1));
}
