const SEPARATORS = [',', ';', '\t', '|', '^'];

/** What comes before the rows: `sep=`, `#TYPE`, comments and empty lines. */
const PREAMBLE = /^(?:(?:"?sep=(.)"?|"?#[^\n\r]*|[ \t]*)(?:\r\n|\n|\r))*/i;

/** @returns the separator that a text says or that its first line has most often outside quotes, and where its rows begin */
export function separatorOf(text: string): { readonly separator: string; readonly start: number } {
  const preamble = PREAMBLE.exec(text)?.[0] ?? '';
  const said = /(?:^|[\r\n])"?sep=(.)/i.exec(preamble)?.[1];
  return { separator: said ?? mostFrequent(text.slice(preamble.length)), start: preamble.length };
}

function mostFrequent(text: string): string {
  const counts = new Map(SEPARATORS.map((separator) => [separator, 0]));
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '\n' || character === '\r') break;
    else if (counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}
