import { TextDecoder } from 'node:util';
import { err, type Result } from '../kernel/result.ts';
import { MAX_OCTETS } from './limits.ts';
import { type XmlElement, type XmlProblem, XmlReader } from './xml.ts';

/**
 * Reads a document from its octets as they come: neither the octets nor the text are ever held as a whole. Stops early
 * when it is refused; leaving the iteration then ends the connection. Rejects only when the octets do.
 * @param contentType whose charset counts when there is no byte-order mark; UTF-8 without either
 */
export async function readDocument(
  octets: AsyncIterable<Uint8Array>,
  contentType: string,
): Promise<Result<XmlElement, XmlProblem>> {
  const reader = new XmlReader();
  let decoder: TextDecoder | undefined;
  let start: Uint8Array = new Uint8Array(0);
  let length = 0;
  for await (const chunk of octets) {
    length += chunk.length;
    if (length > MAX_OCTETS) return err('too_large');
    // A mark of two octets may come in two pieces.
    const piece: Uint8Array = decoder === undefined ? Buffer.concat([start, chunk]) : chunk;
    if (decoder === undefined && piece.length < 2) {
      start = piece;
      continue;
    }
    decoder ??= decoderFor(piece, contentType);
    const text = decode(decoder, piece);
    if (text === undefined) return err('malformed');
    if (!reader.write(text)) return reader.end();
  }
  const rest = decoder === undefined ? undefined : decode(decoder);
  if (rest === undefined) return err('malformed');
  reader.write(rest);
  return reader.end();
}

function decoderFor(start: Uint8Array, contentType: string): TextDecoder {
  const charset = /charset\s*=\s*"?(utf-16(?:le|be)?)\b/i.exec(contentType)?.[1]?.toLowerCase();
  const mark = (start[0] ?? 0) * 256 + (start[1] ?? 0);
  if (mark === 0xfffe) return new TextDecoder('utf-16le', { fatal: true });
  if (mark === 0xfeff) return new TextDecoder('utf-16be', { fatal: true });
  return new TextDecoder(charset ?? 'utf-8', { fatal: true });
}

/** @param octets undefined at the end */
function decode(decoder: TextDecoder, octets?: Uint8Array): string | undefined {
  try {
    return octets === undefined ? decoder.decode() : decoder.decode(octets, { stream: true });
  } catch {
    return undefined;
  }
}
