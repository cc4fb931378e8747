import { GET_WINEVENT, SAVE_AS, WEVTUTIL } from './refused-form.ts';
import type { RefusedText } from './refused-text.ts';

const START = /^(?:\s*<(?:\?[^>]*|!--[\s\S]*?--)>)*\s*<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)/;

export const REFUSED_XML: readonly RefusedText[] = [
  {
    name: 'Clixml (Export-Clixml of PowerShell)',
    lacks: 'it keeps the objects of PowerShell, and not the records',
    remedy: `use ConvertTo-Json in place of Export-Clixml: ${GET_WINEVENT}`,
    matches: (head) => rootOf(head) === 'Objs',
  },
  {
    name: 'XML of Log Parser',
    lacks: 'it has no event XML',
    remedy: `run ${WEVTUTIL}, or import the .evtx file itself`,
    matches: (head) => rootOf(head) === 'ROOT' || head.includes('CREATED_BY="Microsoft Log Parser'),
  },
  {
    name: 'a query or a view of Event Viewer',
    lacks: 'it says which records to show, and has none of them',
    remedy: SAVE_AS,
    matches: (head) => ['QueryList', 'ViewerConfig'].includes(rootOf(head) ?? ''),
  },
  {
    name: 'HTML',
    lacks: 'it is a page for people',
    remedy: `run ${WEVTUTIL}`,
    matches: (head) => /^<!doctype html/i.test(head) || rootOf(head)?.toLowerCase() === 'html',
  },
];

/** The name of the first element, without its prefix. @param head the beginning of a text */
export function rootOf(head: string): string | undefined {
  return START.exec(head)?.[1];
}
