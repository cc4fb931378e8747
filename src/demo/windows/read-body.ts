import type { IncomingMessage } from 'node:http';

/** MaxEnvelopeSizekb of Windows: more is answered with 413 ([MS-WSMV] 3.1.4.1.20). */
const MAX_BODY = 500 * 1024;

/** The body of a request; undefined when it is longer than Windows takes. @throws when the connection breaks */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    if (!Buffer.isBuffer(piece)) continue;
    length += piece.length;
    // What is left is read and thrown away, so that the client gets to see the answer.
    if (length <= MAX_BODY) pieces.push(piece);
  }
  return length > MAX_BODY ? undefined : Buffer.concat(pieces).toString();
}
