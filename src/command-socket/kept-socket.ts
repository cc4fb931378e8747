import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '../kernel/logger.ts';
import { SECOND_MS } from '../kernel/time.ts';
import type { StoreAccess } from '../store/store-types.ts';
import { meetingOf } from './socket-protocol.ts';
import { type ServeStoreOptions, type StoreSocket, serveStore } from './socket-server.ts';

const EVERY = 30 * SECOND_MS;

export interface KeptSocketOptions extends ServeStoreOptions {
  readonly logger: Logger;
  /** Milliseconds between two looks at whether it is there. */
  readonly every?: number;
}

/**
 * The socket for commands, made again when it could not be made, or was deleted: with the folder that a database was
 * restored into, by a disk that was read-only, or by somebody who tidies up.
 */
export class KeptSocket {
  readonly #serve: () => ReturnType<typeof serveStore>;
  readonly #logger: Logger;
  readonly #path: string | undefined;
  readonly #timer: NodeJS.Timeout;
  #socket: StoreSocket | undefined;
  #trouble: string | undefined;
  #making: Promise<void> | undefined;
  #isClosed = false;

  /** @returns it after the first try; watching goes on without it */
  static async open(store: StoreAccess, database: string, options: KeptSocketOptions): Promise<KeptSocket> {
    const kept = new KeptSocket(store, database, options);
    await kept.#make();
    return kept;
  }

  private constructor(store: StoreAccess, database: string, { logger, every = EVERY, ...options }: KeptSocketOptions) {
    const { path } = options.meeting ?? meetingOf(database);
    this.#serve = () => serveStore(store, database, options);
    this.#logger = logger;
    // A pipe of Windows is no file.
    this.#path = path.startsWith('\\\\') ? undefined : path;
    this.#timer = setInterval(() => this.#look(), every).unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#making;
    await this.#socket?.close();
  }

  #look(): void {
    const isThere = this.#socket !== undefined && (this.#path === undefined || existsSync(this.#path));
    if (isThere || this.#making !== undefined || this.#isClosed) return;
    // The folder must not be made under the mask of the socket.
    if (this.#path !== undefined && !existsSync(dirname(this.#path))) return;
    this.#making = this.#make().finally(() => (this.#making = undefined));
  }

  async #make(): Promise<void> {
    // First, as closing it deletes whatever is at its path.
    await this.#socket?.close();
    const made = await this.#serve();
    this.#socket = made.ok ? made.value : undefined;
    const trouble = made.ok ? undefined : made.error;
    if (trouble !== undefined && trouble !== this.#trouble)
      this.#logger.error({ error: trouble }, 'commands cannot use the store of this agent');
    this.#trouble = trouble;
  }
}
