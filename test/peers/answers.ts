import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import { encodeBind, NDR, syntaxId } from '../../src/probe/pdu.ts';

/** Longest wait for one answer; a daemon that is still starting is asked again. */
const ANSWER_DEADLINE_MS = 2_000;

/** True once a name server has loaded all of these zones. One that is still loading listens, but refuses or fails. */
export async function answersDns(address: string, port: number, zones: readonly string[]): Promise<boolean> {
  const resolver = new Resolver({ timeout: ANSWER_DEADLINE_MS, tries: 1 });
  resolver.setServers([`${address}:${port}`]);
  await Promise.all(zones.map((zone) => resolver.resolveSoa(zone)));
  return true;
}

/** True once an RPC server on loopback answers a bind; what it says of the interface, which nobody has, does not matter. */
export function answersRpc(port: number): Promise<boolean> {
  return answersTcp(port, encodeBind(syntaxId('00000000-0000-4000-8000-000000000000', 1), NDR));
}

/** True once a server on loopback sends something back for these octets. */
export function answersTcp(port: number, octets: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setTimeout(ANSWER_DEADLINE_MS);
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write(octets));
    socket.once('data', end(true)).once('error', end(false)).once('timeout', end(false)).once('close', end(false));
  });
}
