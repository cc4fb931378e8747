import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below Linux' range of ports for outgoing connections (32768 and up), which could take the port meanwhile. */
const LOWEST = 12_000;
const LIMIT = 32_000;
const ATTEMPTS = 50;

/** Test files that run at once have other numbers, of which each has its share of the ports. */
const SHARES = 2;
const SHARE = Number(process.env['VITEST_POOL_ID'] ?? 0) % SHARES;

/** Those that were found free here, and are perhaps not taken yet. */
const found = new Set<number>();

/**
 * A port that is free for TCP and for UDP at each of these addresses, and that no other test file of this run gets.
 * Chosen by chance, so that two runs at once hardly ever get the same.
 */
export async function freePort(...addresses: readonly string[]): Promise<number> {
  const hosts = addresses.length === 0 ? ['127.0.0.1'] : addresses;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = SHARES * randomInt(LOWEST / SHARES, LIMIT / SHARES) + SHARE;
    if (found.has(port) || !(await isFree(port, hosts))) continue;
    found.add(port);
    return port;
  }
  throw new Error(`no free port from ${LOWEST} to ${LIMIT} in ${ATTEMPTS} attempts`);
}

async function isFree(port: number, hosts: readonly string[]): Promise<boolean> {
  for (const host of hosts) {
    if (!(await tcpFree(port, host)) || !(await udpFree(port, host))) return false;
  }
  return true;
}

async function tcpFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

async function udpFree(port: number, host: string): Promise<boolean> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.bind(port, host);
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
