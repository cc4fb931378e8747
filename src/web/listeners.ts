import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatListenAddress, type ListenAddress } from '../config/listen-address.ts';
import { formatHostPort } from '../kernel/address.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { modeOf, PLAIN, Server, type Transport } from './server.ts';

interface Listener {
  readonly address: ListenAddress;
  readonly server: Server;
}

/** The sockets that serve one handler; they follow the configuration, and those that stay are not touched. */
export class Listeners {
  readonly #handler: RequestListener;
  readonly #open = new Map<string, Listener>();
  #transport: Transport = PLAIN;

  constructor(handler: RequestListener) {
    this.#handler = handler;
  }

  /** Where it listens, for people: `127.0.0.1:11688`. */
  get addresses(): readonly string[] {
    return [...this.#open.values()].map(({ server }) => {
      const { address, port } = server.tcp.address() as AddressInfo;
      return formatHostPort(address, port);
    });
  }

  /**
   * Opens what is missing and closes what is no longer wanted; when something cannot be opened, all stays as it was.
   * A listener that keeps a new one from the same port is closed first, and opened again on failure.
   * One that stays takes another certificate from its next connection on.
   */
  async listen(addresses: readonly ListenAddress[], transport = PLAIN): Promise<Result<undefined, string>> {
    const wanted = new Map(addresses.map((address, index) => [keyOf(address, index, transport), address]));
    const missing = [...wanted].filter(([key]) => !this.#open.has(key));
    const unwanted = [...this.#open].filter(([key]) => !wanted.has(key));
    const ports = new Set(missing.map(([, address]) => address.port));
    const inTheWay = unwanted.filter(([, listener]) => ports.has(listener.address.port));
    await this.#close(inTheWay);
    const opened = await this.#openAll(missing, transport);
    if (!opened.ok) {
      const before = inTheWay.map(([key, listener]) => [key, listener.address] as const);
      await this.#openAll(before, this.#transport);
      return opened;
    }
    await this.#close(unwanted);
    this.#transport = transport;
    for (const { server } of this.#open.values()) server.follow(transport);
    return ok(undefined);
  }

  /** Stops listening; answers under way get a moment to end. */
  async close(): Promise<void> {
    await this.#close([...this.#open]);
  }

  async #openAll(
    addresses: readonly (readonly [string, ListenAddress])[],
    transport: Transport,
  ): Promise<Result<undefined, string>> {
    const opened: [string, Listener][] = [];
    for (const [key, address] of addresses) {
      const server = await open(address, new Server(transport, this.#handler));
      if (!server.ok) {
        await this.#close(opened);
        return server;
      }
      const listener = { address, server: server.value };
      opened.push([key, listener]);
      this.#open.set(key, listener);
    }
    return ok(undefined);
  }

  async #close(listeners: readonly (readonly [string, Listener])[]): Promise<void> {
    for (const [key] of listeners) this.#open.delete(key);
    await Promise.all(listeners.map(([, { server }]) => server.close()));
  }
}

function open(address: ListenAddress, server: Server): Promise<Result<Server, string>> {
  return new Promise((resolve) => {
    server.tcp.once('error', (error: NodeJS.ErrnoException) => resolve(err(explain(address, error))));
    server.tcp.listen({ port: address.port, ...(address.host === undefined ? {} : { host: address.host }) }, () =>
      resolve(ok(server)),
    );
  });
}

/** Every listener with port 0 is a separate one. */
function keyOf({ host, port }: ListenAddress, index: number, transport: Transport): string {
  return `${modeOf(transport)} ${host ?? '*'} ${port === 0 ? `any ${index}` : port}`;
}

function explain(address: ListenAddress, error: NodeJS.ErrnoException): string {
  const remedies: Readonly<Record<string, string>> = {
    EADDRINUSE: 'the port is in use. Stop the other program, or choose another port in web.listen or --web.listen.',
    EADDRNOTAVAIL: 'this machine does not have that address. Correct web.listen or --web.listen.',
    EACCES: 'this user has no right to open that port. Choose one above 1023.',
  };
  return `cannot listen on ${formatListenAddress(address)}: ${remedies[error.code ?? ''] ?? error.message}`;
}
