import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { Duplex } from 'node:stream';

/** The most bytes that one read of a connection takes. They are copied at once, so all connections share one buffer. */
const INTO = Buffer.alloc(64 * 1024);

/**
 * A TCP connection as a plain stream, for TLS to be put over. Put over the socket itself, Node's TLS sets 64 KiB aside
 * for what comes next, for as long as the connection is open; from a stream it takes pieces in their own size. With 500
 * subscriptions that is 20 MB of resident memory.
 */
export class TcpStream extends Duplex {
  readonly #socket: Socket;

  /** @param onError gets the reason if the connection fails or breaks; the stream itself emits no `error` */
  constructor(options: TcpNetConnectOpts, onError: (error: Error) => void) {
    super();
    this.#socket = connect({
      ...options,
      onread: {
        buffer: INTO,
        // Copied without the pool, of which a piece that is kept would keep 64 KiB.
        callback: (length) => this.push(Buffer.from(new Uint8Array(INTO.subarray(0, length)).buffer)),
      },
    });
    this.#socket.on('error', onError);
    this.#socket.once('end', () => this.push(null));
    this.#socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    // `onError` gets the error: nothing would listen to an error of this stream.
    this.#socket.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(_: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(null);
  }
}
