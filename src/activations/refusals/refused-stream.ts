import { hasRecordLines } from '../record-lines.ts';
import { beginsAsJson, hasJsonRecords, hasXmlRecords, mayBeRest } from './first-records.ts';
import { FORMS_PAGE, quoted, type RefusedForm, WEVTUTIL } from './refused-form.ts';
import { HEAD_CHARACTERS, REFUSED_TEXTS } from './refused-text.ts';
import { REFUSED_XML } from './refused-xml.ts';

/** Whether more of it is needed to say that it is text which cannot be read. */
export function mayBeRefused(begun: string): boolean {
  return begun.length < HEAD_CHARACTERS && !beginsAsJson(begun);
}

/**
 * Which text that cannot be read a stream is; undefined when its records are to be looked at. Lines of junk in front of
 * records, as of a file that was cut, do not make it one.
 * @param begun without blanks in front; `HEAD_CHARACTERS` of it, or all there is
 */
export function refusedStream(begun: string): RefusedForm | undefined {
  const head = begun.slice(0, HEAD_CHARACTERS);
  if (/^<[?!\p{L}_]/u.test(head)) return REFUSED_XML.find((form) => form.matches(head));
  if (beginsAsJson(head) || hasRecordLines(begun)) return undefined;
  // First, as the rows of a table may look like records.
  const named = REFUSED_TEXTS.find((form) => form.matches(head));
  if (named !== undefined || hasJsonRecords(head) || hasXmlRecords(head) || mayBeRest(head)) return named;
  // One line that is longer than that, and may be the rest of a record.
  if (head.length === HEAD_CHARACTERS && /^[^\n]*["<>{}][^\n]*$/.test(head)) return undefined;
  return {
    name: 'text in a form that kmswatch does not know',
    lacks: `it begins with ${quoted(head.split('\n', 1)[0] ?? '')}`,
    remedy: `send one of the forms in ${FORMS_PAGE}, for example by ${WEVTUTIL}${isTable(head) ? OF_MACHINES : ''}`,
  };
}

/** Its columns may have names of another language. */
const OF_MACHINES =
  ". If it is a list of machines, name its columns 'ComputerName' and 'LastSeen', with one separator between them";

/** Whether the first two lines have as many values. */
function isTable(head: string): boolean {
  const [first = '', second = ''] = head.split(/\r?\n/, 2);
  const counts = [first, second].map((line) => line.split(/[;,\t|]/).length);
  return counts[0] === counts[1] && (counts[0] ?? 0) > 1;
}
