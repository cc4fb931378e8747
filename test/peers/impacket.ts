import { answersRpc } from './answers.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { freePort } from './free-port.ts';

/** Debian's own, for whose Python its python3-impacket is. */
const PYTHON = '/usr/bin/python3';

/**
 * impacket's RPC server with one interface and no operation at all. The replaced part fixes its refusal of an
 * unknown interface, which in 0.10 raises, pads wrongly, and names the user instead of the provider.
 */
const SERVER = `
import socket, sys
from impacket import uuid
from impacket.dcerpc.v5 import rpcrt

rpcrt.bin_to_uuidtup = lambda octets: '%s v%s' % uuid.bin_to_uuidtup(octets)
rpcrt.MSRPC_CONT_RESULT_USER_REJECT = rpcrt.MSRPC_CONT_RESULT_PROV_REJECT
BindAck = rpcrt.MSRPCBindAck

class PaddedBindAck(BindAck):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not args and not kwargs:
            self['SecondaryAddr'] = ''
    def __setitem__(self, key, value):
        super().__setitem__(key, 1 if key == 'SecondaryAddrLen' and value == 0 else value)

class Server(rpcrt.DCERPCServer):
    def setListenPort(self, port):
        self._listenPort = port
        self._sock = socket.socket()
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._sock.bind(('127.0.0.1', port))
    def bind(self, packet, bind):
        rpcrt.MSRPCBindAck = PaddedBindAck
        try:
            return super().bind(packet, bind)
        finally:
            rpcrt.MSRPCBindAck = BindAck

server = Server()
server.setListenPort(int(sys.argv[1]))
server.addCallbacks((sys.argv[2], '1.0'), sys.argv[1], {})
server.daemon = True
server.start()
server.join()
`;

/** Starts an RPC server on 127.0.0.1 that has the interface with this UUID, version 1.0, without any operation. */
export async function startImpacket(interfaceId: string): Promise<Daemon & { readonly port: number }> {
  const port = await freePort();
  const daemon = await startDaemon({
    command: [PYTHON, '-c', SERVER, String(port), interfaceId],
    ready: () => answersRpc(port),
  });
  return { ...daemon, port };
}
