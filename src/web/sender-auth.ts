import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import type { HostName } from '../kernel/host-name.ts';
import type { Logger } from '../kernel/logger.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Secret } from '../kernel/secret.ts';
import { sameSecret } from './bearer.ts';
import type { IngestSettings, PushHost } from './web-backend.ts';

/** Who sends: a shipper with the token of `ingest`, for any host; or a host, for itself (several that share a token). */
export type Sender = { readonly kind: 'shipper' } | { readonly kind: 'hosts'; readonly hosts: ReadonlySet<HostName> };

/** `unknown`: no token, or none that is known. `unreadable`: one that cannot be read might be the one. */
export type AuthFailure = 'unknown' | 'unreadable';

export const UNREADABLE = 'a token cannot be read: the log of kmswatch says which one and why';

/** Secret files that are open at a time. */
const FILES_AT_ONCE = 16;

interface HostToken {
  readonly host: HostName;
  /** Undefined: it cannot be read. */
  readonly secret: Secret | undefined;
}

/**
 * Tells by its token who sends. Tokens are read again at every use; what is remembered is only which hosts a token was
 * the one of, so that a sender who is known costs the reading of one file and not of all.
 */
export class SenderAuth {
  readonly #logger: Logger;
  readonly #known = new Map<string, readonly HostName[]>();
  /** What each host's file was last complained about, so that senders cannot fill the log. */
  readonly #logged = new Map<string, string>();
  #reading: Promise<readonly HostToken[]> = Promise.resolve([]);
  #next: Promise<readonly HostToken[]> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @param given the token as it was sent */
  async authenticate(
    given: string | undefined,
    { token, pushes }: IngestSettings,
  ): Promise<Result<Sender, AuthFailure>> {
    if (given === undefined) return err('unknown');
    const ingest = await token?.read();
    if (ingest?.ok && sameSecret(given, ingest.value)) return ok({ kind: 'shipper' });
    const hosts = (await this.#stillKnown(given, pushes)) ?? (await this.#lookUp(given, pushes));
    if (hosts.ok && hosts.value.length > 0) return ok({ kind: 'hosts', hosts: new Set(hosts.value) });
    this.#logUnreadable('ingest', ingest?.ok === false ? ingest.error : undefined);
    return err(ingest?.ok === false || !hosts.ok ? 'unreadable' : 'unknown');
  }

  async #stillKnown(given: string, pushes: readonly PushHost[]): Promise<Result<HostName[], AuthFailure> | undefined> {
    const names = this.#known.get(fingerprint(given)) ?? [];
    const hosts = pushes.filter(({ host }) => names.includes(host));
    if (hosts.length === 0) return undefined;
    const owners = ownersOf(given, await this.#readAll(hosts));
    return owners.length === names.length ? ok(owners) : undefined;
  }

  async #lookUp(given: string, pushes: readonly PushHost[]): Promise<Result<HostName[], AuthFailure>> {
    if (pushes.length === 0) return ok([]);
    const tokens = await this.#everyToken(pushes);
    const owners = ownersOf(given, tokens);
    if (owners.length > 0) {
      if (this.#known.size >= 2 * pushes.length) this.#known.clear();
      this.#known.set(fingerprint(given), owners);
      if (owners.length > 1) {
        const remedy = 'each of them can send data for the others: give each host its own token';
        this.#logger.warn({ hosts: owners, remedy }, 'hosts share a token');
      }
      return ok(owners);
    }
    return tokens.some(({ secret }) => secret === undefined) ? err('unreadable') : ok([]);
  }

  /** One reading of all at a time, shared by all who asked before it began: strangers cannot make it many. */
  #everyToken(pushes: readonly PushHost[]): Promise<readonly HostToken[]> {
    const before = this.#reading;
    this.#next ??= (async () => {
      await before;
      this.#next = undefined;
      this.#reading = this.#readAll(pushes);
      return this.#reading;
    })();
    return this.#next;
  }

  #readAll(pushes: readonly PushHost[]): Promise<readonly HostToken[]> {
    const limit = pLimit(FILES_AT_ONCE);
    return limit.map(pushes, async ({ host, token }) => {
      const read = await token.read();
      this.#logUnreadable(host, read.ok ? undefined : read.error);
      return { host, secret: read.ok ? read.value : undefined };
    });
  }

  #logUnreadable(whose: string, error: string | undefined): void {
    if (error === undefined) this.#logged.delete(whose);
    else if (this.#logged.get(whose) !== error) {
      this.#logged.set(whose, error);
      this.#logger.error({ whose, error }, 'cannot read a token');
    }
  }
}

/** Every token is compared, whether one was found or not. */
function ownersOf(given: string, tokens: readonly HostToken[]): HostName[] {
  const matching = tokens.filter(({ secret }) => secret !== undefined && sameSecret(given, secret));
  return matching.map(({ host }) => host);
}

function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
