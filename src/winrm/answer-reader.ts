import { TextDecoder } from 'node:util';
import { err, type Result } from '../kernel/result.ts';
import { MAX_OCTETS } from './limits.ts';
import { readXml, type XmlElement, type XmlProblem } from './xml.ts';

/**
 * Reads a document from its bytes, of which it takes no more than the limit; leaving the iteration then ends the
 * connection. It is parsed at the end and in one go: the elements of many answers on their way at once would take ten
 * times the room of their octets. Rejects only when the bytes do.
 * @param contentType whose charset counts when there is no byte-order mark; UTF-8 without either
 */
export async function readDocument(
  octets: AsyncIterable<Uint8Array>,
  contentType: string,
): Promise<Result<XmlElement, XmlProblem>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of octets) {
    length += piece.length;
    if (length > MAX_OCTETS) return err('too_large');
    pieces.push(piece);
  }
  const text = decode(Buffer.concat(pieces, length), contentType);
  return text === undefined ? err('malformed') : readXml(text);
}

function decode(octets: Buffer, contentType: string): string | undefined {
  try {
    return new TextDecoder(encodingOf(octets, contentType), { fatal: true }).decode(octets);
  } catch {
    return undefined;
  }
}

function encodingOf(octets: Buffer, contentType: string): string {
  const mark = octets.length < 2 ? 0 : octets.readUInt16BE(0);
  if (mark === 0xfffe) return 'utf-16le';
  if (mark === 0xfeff) return 'utf-16be';
  return /charset\s*=\s*"?(utf-16(?:le|be)?)\b/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
}
