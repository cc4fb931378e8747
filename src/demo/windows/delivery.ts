import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { sleep } from '../../kernel/clock.ts';
import { millis } from '../../kernel/time.ts';
import type { Disturbance } from './behaviour.ts';

/** An answer as it is, before anything happens to it on its way. */
export interface Reply {
  readonly status: number;
  readonly body: string;
}

const CONTENT_TYPE = 'application/soap+xml;charset=UTF-8';
const PADDING = 65_536;

/** Sends an answer, with whatever goes wrong on its way. @param signal the connection is gone, or the host closes */
export async function deliver(
  response: ServerResponse,
  { status, body }: Reply,
  disturbance: Disturbance | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (disturbance?.kind === 'late' && !(await sleep(millis(disturbance.milliseconds), signal))) return;
  const octets = Buffer.from(body);
  const padding = disturbance?.kind === 'oversized' ? disturbance.octets : 0;
  response.writeHead(status, {
    server: 'Microsoft-HTTPAPI/2.0',
    ...(body === '' ? {} : { 'content-type': CONTENT_TYPE }),
    'content-length': octets.length + padding,
  });
  if (disturbance?.kind === 'tear') {
    response.write(octets.subarray(0, disturbance.after), () => response.destroy());
    return;
  }
  if (disturbance?.kind === 'drip') {
    await drip(response, octets, disturbance, signal);
    return;
  }
  if (padding > 0) await pad(response, padding, signal);
  response.end(octets);
}

async function drip(
  response: ServerResponse,
  body: Buffer,
  { octets, milliseconds }: { readonly octets: number; readonly milliseconds: number },
  signal: AbortSignal,
): Promise<void> {
  for (let at = 0; at < body.length; at += octets) {
    if (signal.aborted) return;
    response.write(body.subarray(at, at + octets));
    if (!(await sleep(millis(milliseconds), signal))) return;
  }
  response.end();
}

/** White space before the envelope, never more of it in memory than the socket takes. */
async function pad(response: ServerResponse, octets: number, signal: AbortSignal): Promise<void> {
  const piece = Buffer.alloc(PADDING, ' ');
  for (let left = octets; left > 0 && !signal.aborted; left -= piece.length) {
    if (response.write(piece.subarray(0, left))) continue;
    await once(response, 'drain', { signal }).catch(() => undefined);
  }
}
