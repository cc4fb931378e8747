import { type RefusedForm, WEVTUTIL } from './refused-form.ts';

interface RefusedOctets extends RefusedForm {
  /** @param head the first octets of the file, `HEAD_OCTETS` if it has as many */
  matches(head: Uint8Array): boolean;
}

/** Enough for every mark below. */
export const HEAD_OCTETS = 16;

const COMPRESSED = 'it is compressed';

export const REFUSED_OCTETS: readonly RefusedOctets[] = [
  {
    name: 'a saved log that was copied as text',
    lacks: 'bytes in it were changed, left out or put in front of it',
    remedy: 'copy the .evtx file itself, in binary; with curl, send it by --data-binary @KMS.evtx in place of -d',
    // A sound one has a zero behind its mark, which curl -d leaves out; it is not asked about here.
    matches: (head) =>
      begins(head, ['\xef\xbb\xbfElfFile', '\xff\xfeE\0l\0f\0F\0i\0']) || (begins(head, ['ElfFile']) && head[7] !== 0),
  },
  {
    name: 'UTF-16 text without a byte-order mark',
    lacks: 'without the mark, its characters are ambiguous',
    remedy:
      'convert it: Get-Content -Encoding Unicode kms.xml | Set-Content -Encoding UTF8 kms-utf8.xml, or iconv -f UTF-16LE -t UTF-8 kms.xml > kms-utf8.xml',
    matches: (head) => isText(head, 0) || isText(head, 1),
  },
  {
    name: 'a log of Windows XP or Server 2003 (.evt)',
    lacks: 'it is older than the format of Windows Vista',
    remedy: `open it in Event Viewer and save it as .evtx, or run ${WEVTUTIL} on the host`,
    matches: (head) => begins(head.subarray(4), ['LfLe']),
  },
  {
    name: 'a saved log that begins in its middle',
    lacks: 'its first 4096 bytes are missing',
    remedy: 'copy the file again',
    matches: (head) => begins(head, ['ElfChnk']),
  },
  {
    name: 'a ZIP file or a workbook',
    lacks: COMPRESSED,
    remedy:
      'unpack it and import the file that is in it; a workbook does not keep what a log has, so export the log again',
    matches: (head) => begins(head, ['PK\x03\x04']),
  },
  {
    name: 'a compressed file',
    lacks: COMPRESSED,
    remedy: 'unpack it first (gunzip, xz -d, zstd -d or 7z x); over HTTP, name gzip in the header Content-Encoding',
    matches: (head) => begins(head, ['\x1f\x8b', '\xfd7zXZ', 'BZh', '7z\xbc\xaf', '(\xb5/\xfd']),
  },
  {
    name: 'a binary file of another program',
    lacks: 'it is neither text nor a saved log (.evtx)',
    remedy: `run ${WEVTUTIL} on the host`,
    matches: (head) =>
      begins(head, ['%PDF', '\xd0\xcf\x11\xe0', 'SQLite format', '\x7fELF', 'MZ']) ||
      (!hasMark(head) && head.includes(0)),
  },
];

/** Which form a file is in that is no text, or text in the wrong encoding; undefined when its text has to be looked at. */
export function refusedOctets(head: Uint8Array): RefusedForm | undefined {
  return REFUSED_OCTETS.find((form) => form.matches(head));
}

/**
 * Whether it is text in UTF-16: a character of ASCII in it has a zero for its other octet, and there is none elsewhere.
 * @param zero where that octet is: 0 in big endian, 1 in little endian
 */
function isText(head: Uint8Array, zero: 0 | 1): boolean {
  if (hasMark(head)) return false;
  const zeros = [...head.keys()].filter((at) => head[at] === 0);
  if (head.length < 4 || zeros.length === 0 || zeros.some((at) => at % 2 !== zero)) return false;
  const text = new TextDecoder(zero === 1 ? 'utf-16le' : 'utf-16be').decode(head.subarray(0, head.length & ~1));
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\t\r\n]+$/u.test(text);
}

function hasMark(head: Uint8Array): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
}

/** @param marks octets as characters of Latin-1 */
function begins(head: Uint8Array, marks: readonly string[]): boolean {
  const text = Buffer.from(head).toString('latin1');
  return marks.some((mark) => text.startsWith(mark));
}
