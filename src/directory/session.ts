import { isIP, type LookupFunction } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { Client, type Control, type Entry } from 'ldapts';
import { withDeadline } from '../kernel/deadline.ts';
import { printable } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { MINUTE_MS, type Millis, millis, SECOND_MS } from '../kernel/time.ts';
import type { TlsContexts } from '../winrm/tls-contexts.ts';
import { CLOSED, DirectoryError, failureText } from './failure.ts';
import type { DirectoryConnection, DirectoryLogin } from './types.ts';
import { domainOf, textOf } from './values.ts';

/** What a domain controller gives in one page, by its default policy (MaxPageSize of MS-ADTS 3.1.1.3.4.6). */
const PAGE = 1000;

export interface SessionLimits {
  /** Milliseconds for one answer, or for the connection. */
  readonly answer: Millis;
  /** Milliseconds for all of it. */
  readonly all: Millis;
}

export const LIMITS: SessionLimits = { answer: millis(30 * SECOND_MS), all: millis(5 * MINUTE_MS) };

export interface SessionDeps {
  readonly tls: TlsContexts;
  /** Finds the addresses of the directory's host; undefined: the system's own way. */
  readonly lookup?: LookupFunction | undefined;
  readonly limits?: SessionLimits;
  readonly signal: AbortSignal;
}

export interface Question {
  /** Undefined: that entry alone. */
  readonly filter?: string;
  readonly attributes: readonly string[];
  /** Those of them that are no text. */
  readonly binary?: readonly string[];
  readonly controls?: readonly Control[];
  /** Entries; more end the run. */
  readonly most: number;
}

/** A connection that only ever searches. */
export class Session {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** @throws DirectoryError if there are more entries than allowed, and what the client throws */
  async *search(base: string, { filter, attributes, binary, controls, most }: Question): AsyncGenerator<Entry> {
    let count = 0;
    const options = {
      attributes: [...attributes],
      explicitBufferAttributes: [...(binary ?? [])],
      ...(filter === undefined
        ? { scope: 'base' as const, filter: '(objectClass=*)' }
        : { scope: 'sub' as const, filter, paged: { pageSize: PAGE } }),
    };
    for await (const page of this.#client.searchPaginated(base, options, [...(controls ?? [])])) {
      count += page.searchEntries.length;
      if (count > most) throw new DirectoryError(`it has more than ${most} entries that match ${filter ?? base}`);
      yield* page.searchEntries;
    }
  }
}

/**
 * Opens one connection, logs in, and closes it at the end of the work.
 * @returns what the work does; or why the directory cannot be read, without its own texts, and what to do
 */
export async function withSession<T>(
  { url, caFile, login }: DirectoryConnection,
  { tls, lookup, limits = LIMITS, signal }: SessionDeps,
  work: (session: Session) => Promise<T>,
): Promise<Result<T, string>> {
  const certificate = login.kind === 'certificate' ? login : undefined;
  const context = await tls.get({ caFile, certFile: certificate?.certFile, keyFile: certificate?.keyFile });
  if (!context.ok) return context;
  const password = login.kind === 'simple' ? await login.password.read() : undefined;
  if (password?.ok === false) return password;
  let socket: TLSSocket | undefined;
  const { hostname } = new URL(url);
  const client = new Client({
    url,
    timeout: limits.answer,
    connectTimeout: limits.answer,
    tlsOptions: {
      secureContext: context.value.secureContext,
      ...(isIP(hostname) === 0 && { servername: hostname }),
      ...(lookup && { lookup }),
    },
    // The client would connect again by itself, and go on without a login.
    createSecureConnection: ((...args: Parameters<typeof connect>) => {
      if (socket !== undefined) throw new DirectoryError(CLOSED);
      socket = connect(...args);
      return socket;
    }) as typeof connect,
  });
  try {
    const done = await withDeadline(limits.all, signal, async () => {
      const session = new Session(client);
      const realm = await realmOf(session);
      await logIn(client, login, password?.value.reveal(), realm);
      return { value: await work(session) };
    });
    if (done === undefined) {
      return err(signal.aborted ? 'the agent is stopping' : `it was not read within ${limits.all / SECOND_MS} s`);
    }
    return ok(done.value);
  } catch (error) {
    // The client keeps the words of a broken connection, but not its code.
    const text = failureText(socket?.errored ?? error);
    return err(text === CLOSED && certificate ? `${text}: does it trust the authority of cert_file?` : text);
  } finally {
    // Says goodbye, if it can be said at once.
    client.unbind().catch(() => {});
    socket?.destroySoon();
    setTimeout(() => socket?.destroy(), SECOND_MS).unref();
  }
}

/** Whose domain controller it is; anybody may ask that. */
async function realmOf(session: Session): Promise<string> {
  for await (const entry of session.search('', { attributes: ['defaultNamingContext'], most: 1 })) {
    return printable(domainOf(textOf(entry, 'defaultNamingContext')), 100);
  }
  return '';
}

async function logIn(client: Client, login: DirectoryLogin, password: string | undefined, realm: string) {
  try {
    if (login.kind === 'simple') await client.bind(login.name, password);
    if (login.kind === 'certificate') await client.bind('EXTERNAL');
  } catch (error) {
    throw new DirectoryError(`${failureText(error)}${realm === '' ? '' : ` (it is a directory of ${realm})`}`);
  }
}
