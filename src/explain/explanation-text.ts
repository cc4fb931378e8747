import { columns } from '../kernel/columns.ts';
import type { EvidenceTable, Explanation, Section, Verdict } from './explanation.ts';

export type ExplanationStyle = 'green' | 'yellow' | 'red' | 'dim' | 'bold';
export type ExplanationPaint = (style: ExplanationStyle, text: string) => string;

/** Wide enough for a sentence, narrow enough for a console of Windows. */
const WIDTH = 100;

const MARKS: Readonly<Record<Verdict, readonly [mark: string, style: ExplanationStyle]>> = {
  not_activated: ['\u2717', 'red'],
  at_risk: ['!', 'yellow'],
  unknown: ['?', 'yellow'],
  activated: ['\u2713', 'green'],
  out_of_count: ['-', 'dim'],
};

/** An explanation for a terminal, with a line break at its end. */
export function explanationText(explanation: Explanation, paint: ExplanationPaint = (_style, text) => text): string {
  const { verdict, headline, sections, actions, evidence } = explanation;
  const [mark, style] = MARKS[verdict];
  const blocks = [
    paint(style, wrap(`${mark} ${headline}`, '', '  ')),
    ...sections.map((section) => sectionText(section, paint)),
    [paint('bold', 'WHAT TO DO'), ...steps(actions)].join('\n'),
    ...evidence.map((table) => tableText(table, paint)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function sectionText({ title, paragraphs }: Section, paint: ExplanationPaint): string {
  return [paint('bold', title.toUpperCase()), ...paragraphs.map((text) => wrap(text, '', '  '))].join('\n');
}

function steps(actions: readonly string[]): readonly string[] {
  return actions.length === 0 ? ['Nothing.'] : actions.map((action, index) => numbered(action, index + 1));
}

function numbered(text: string, number: number): string {
  const label = `${number}. `;
  return wrap(text, label, ' '.repeat(label.length));
}

/** Breaks at blanks; a word that is longer than a line has one to itself. */
function wrap(text: string, first: string, next: string): string {
  const lines: string[] = [];
  let line = first;
  let filled = false;
  for (const word of text.split(' ')) {
    if (filled && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = next;
      filled = false;
    }
    line += filled ? ` ${word}` : word;
    filled = true;
  }
  return [...lines, line].join('\n');
}

function tableText({ title, head, rows }: EvidenceTable, paint: ExplanationPaint): string {
  const [names = '', ...lines] = columns([head, ...rows]);
  return [paint('bold', title.toUpperCase()), paint('dim', names), ...lines].join('\n');
}
