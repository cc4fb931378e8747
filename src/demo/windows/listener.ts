import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Authentication } from './authentication.ts';

/** PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** An HTTP server, or an HTTPS one that asks for client certificates where they can be used. */
export function createListener(
  tls: ServerCertificate | undefined,
  { certificate }: Authentication,
  answer: RequestListener,
): Server {
  if (tls === undefined) return createServer(answer);
  const clients = certificate === undefined ? {} : { ca: certificate.ca, requestCert: true, rejectUnauthorized: false };
  return createTlsServer({ ...tls, ...clients }, answer);
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a port');
  return address.port;
}
