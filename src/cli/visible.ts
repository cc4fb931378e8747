import type { Terminal } from './terminal.ts';

/** Begins a text that is drawn over the line before. */
export const REDRAW = '\r\u001b[K';

/** Control characters but for line ends and tabs, and those that change the direction of a text. */
const CONTROLS = String.raw`[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)`;
const UNSAFE = new RegExp(CONTROLS, 'g');
/** The same, and colours as a whole. */
const UNSAFE_OR_COLOR = new RegExp(String.raw`\x1b\[\d+m|${CONTROLS}`, 'g');

/**
 * A terminal that no text can control: what a file, a name or an argument has in it is shown as `\u001b`. In results,
 * colours are left if they are switched on.
 */
export function visibly(terminal: Terminal): Terminal {
  const { out, error, color } = terminal;
  const unsafe = color ? UNSAFE_OR_COLOR : UNSAFE;
  return {
    ...terminal,
    out: (text) => out(text.replace(unsafe, (found) => (found.length > 1 ? found : escaped(found)))),
    error: (text) => {
      const redraw = text.startsWith(REDRAW) ? REDRAW : '';
      error(redraw + text.slice(redraw.length).replace(UNSAFE, escaped));
    },
  };
}

/** As JSON escapes it, since lines of the log are JSON. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
