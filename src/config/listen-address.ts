import { formatHostPort, parseHostPort } from '../kernel/address.ts';
import { err, ok, type Result } from '../kernel/result.ts';

/** Where the web side listens. */
export interface ListenAddress {
  /** Undefined: every address of the machine. */
  readonly host: string | undefined;
  /** 0 to 65535; 0 lets the system choose a free port. */
  readonly port: number;
}

const EXAMPLES = '127.0.0.1:11688, [::1]:11688, or :11688 for every address';

/**
 * Reads `ADDRESS:PORT` or `:PORT`.
 * @returns the address; or an error message
 */
export function parseListenAddress(text: string): Result<ListenAddress, string> {
  const [, host, digits] = /^(.*):(\d{1,5})$/s.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || !(port <= 65535)) return err(`expected an address and a port: ${EXAMPLES}`);
  if (host === '') return ok({ host: undefined, port });
  // Port 0 is no port of a remote endpoint, so the address is read with a port that is.
  const endpoint = parseHostPort(`${host}:1`);
  if (!endpoint.ok) return endpoint;
  if (endpoint.value.port === undefined) return err(`expected an IPv6 address in brackets: ${EXAMPLES}`);
  return ok({ host: endpoint.value.host, port });
}

export function formatListenAddress({ host, port }: ListenAddress): string {
  return host === undefined ? `:${port}` : formatHostPort(host, port);
}
