import { type Html, html } from '../html.ts';
import { pathWith } from './words.ts';

/** Options of commands that make lists, which are parameters of their pages too. */
const VALUE =
  /(?: --(?:state|within|silent-for|product|class|host|client|verdict|without|month|format) (?:"[^"]*"|[\w.*:-]*[\w*]))/;
const COMMAND = new RegExp(
  `kmswatch (?:leases|machines|keys|forecast|report)(?:${VALUE.source}| --duplicate| --pinned)*`,
  'g',
);
const OPTION = /--([a-z-]+)(?: (?:"([^"]*)"|([^\s-]\S*)))?/g;

/** In place of what is to be put in. */
const PLACEHOLDER = /^[A-Z_]+$/;

/** Advice that is the command of a list leads to the page with that list. */
export function advice(text: string): Html {
  const parts: Html[] = [];
  let end = 0;
  for (const { 0: command, index } of text.matchAll(COMMAND)) {
    const path = pageOf(command);
    if (path === undefined) continue;
    parts.push(html`${text.slice(end, index)}<a href="${path}">${command}</a>`);
    end = index + command.length;
  }
  return html`${parts}${text.slice(end)}`;
}

/** @returns undefined if something is to be put in first */
function pageOf(command: string): string | undefined {
  const page = command.split(' ')[1] ?? '';
  const options = [...command.matchAll(OPTION)].map(
    ([, option = '', quoted, bare]) => [option.replaceAll('-', '_'), quoted ?? bare ?? 'true'] as const,
  );
  if (options.some(([, value]) => PLACEHOLDER.test(value))) return undefined;
  const { format, ...parameters } = Object.fromEntries(options);
  if (Object.keys(parameters).join() === 'duplicate') return '/clones';
  return pathWith(format === 'csv' || format === 'json' ? `/${page}.csv` : `/${page}`, parameters);
}
