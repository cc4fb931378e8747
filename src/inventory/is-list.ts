import { columnsOf } from './columns.ts';
import { csvTable } from './csv-table.ts';
import { decoded } from './decode.ts';
import { readName } from './name.ts';
import { areKeysOfRecords } from './record-keys.ts';
import { refusedByText } from './refused-source.ts';

/** Octets that tell a list from a log. */
export const HEAD_BYTES = 64 * 1024;

/** XML of log records, whatever is in front of it. */
const EVENTS = /<(?:\w+:)?Events?[\s/>]/;
/** RFC 1035 2.3.4: a longer text is no part of a name, but perhaps a line of Base64. */
const LONGEST_LABEL = 63;
/** Other forms than a table in which only lists are found. */
const LISTS = /LDIF|slmgr|VAMT/;
/** A saved log of Windows. */
const SAVED_LOG = [0x45, 0x6c, 0x66];
const UTF16_MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];
const NAMES_LOOKED_AT = 20;

/**
 * Whether a file is a list of machines or of licences, rather than log records, by its beginning.
 * @param head its first `HEAD_BYTES`, or all of it
 */
export async function isList(head: Uint8Array): Promise<boolean> {
  if (SAVED_LOG.every((octet, index) => head[index] === octet)) return false;
  const text = [...decoded(wholeCharacters(head))].join('');
  if (/^\s*[[{]/.test(text)) return isListOfKeys(keysIn(text)) || isListOfNames(text);
  if (text.trim() === '' || EVENTS.test(text)) return false;
  const refused = refusedByText(text);
  if (refused !== undefined) return LISTS.test(refused.reason);
  return isTable(text);
}

function isListOfKeys(keys: readonly string[]): boolean {
  return keys.length > 0 && !areKeysOfRecords(keys) && columnsOf(keys).size > 0;
}

/** A JSON array of texts. */
function isListOfNames(text: string): boolean {
  return /^\s*\[\s*"[^"]*"\s*[,\]]/.test(text);
}

function keysIn(text: string): readonly string[] {
  const keys = [...text.matchAll(/"((?:[^"\\]|\\.){1,200})"\s*:/g)].map(([, key = '']) => key);
  return [...new Set(keys)];
}

async function isTable(text: string): Promise<boolean> {
  const end = text.lastIndexOf('\n');
  const lines = end === -1 ? text : text.slice(0, end + 1);
  try {
    const { form, header, rows } = await csvTable([lines]);
    if (form === 'csv') return isListOfKeys(header);
    let looked = 0;
    for await (const [name = ''] of rows) {
      if (!isName(name)) return false;
      if (++looked === NAMES_LOOKED_AT) break;
    }
    return looked > 0;
  } catch {
    return false;
  }
}

function isName(text: string): boolean {
  const name = readName(text);
  if (text.split('.').some((label) => label.length > LONGEST_LABEL)) return false;
  return name.ok && !/\s/.test(text.trim()) && !/[<>{}=;:]/.test(text);
}

/** UTF-8 that was cut within a character would be taken for another encoding. */
function wholeCharacters(head: Uint8Array): Uint8Array {
  if (UTF16_MARKS.some((mark) => mark.every((octet, index) => head[index] === octet))) return head;
  let end = head.length;
  while (end > 0 && ((head[end - 1] ?? 0) & 0xc0) === 0x80) end--;
  const last = head[end - 1] ?? 0;
  return end < head.length || last >= 0xc0 ? head.subarray(0, last >= 0xc0 ? end - 1 : end) : head;
}
