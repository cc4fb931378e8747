import { createSocket } from 'node:dgram';
import { isIPv6 } from '../kernel/is-ipv6.ts';

/** Errors of a connect() that may mean: no route from here to this family of addresses. */
const MAYBE_NO_ROUTE: ReadonlySet<string> = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** True when the error of a TCP connect() leaves it open whether this system has a route to the address at all. */
export function mayLackRoute(code: string): boolean {
  return MAYBE_NO_ROUTE.has(code);
}

/**
 * Asks the system whether it has a route to a literal address. Connecting a UDP socket chooses the route and sends
 * nothing, so that an error of the network (ICMP) or a lack of TCP ports cannot be mistaken for a missing route.
 */
export function hasRoute(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    const end = (code: string | undefined): void => {
      socket.removeAllListeners('connect');
      socket.close();
      resolve(code === undefined || !mayLackRoute(code));
    };
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code));
    socket.once('connect', () => end(undefined));
    // The discard port (RFC 863); any will do, for nothing is sent.
    socket.connect(9, address);
  });
}
