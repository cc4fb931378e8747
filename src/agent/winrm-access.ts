import type { Config } from '../config/schema.ts';
import { secretSource } from '../config/secrets.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import { err } from '../kernel/result.ts';
import { setFlags } from '../kernel/v8-flags.ts';
import type { WinrmClient } from '../winrm/client.ts';
import type { Resolve } from '../winrm/lookup.ts';
import type { WinrmShared } from '../winrm/shared.ts';
import type { WinrmAuth, WinrmConnection } from '../winrm/types.ts';

/** How the configuration says that a host is reached. */
export type WinrmSettings = NonNullable<Config['hosts'][number]['activations']>['winrm'];

/**
 * Hundreds of hosts make little that stays and much that goes, in waves. V8 has to clear it sooner, and to give the
 * room back: with 500 hosts that is 40 MB less, and their rounds take no longer.
 */
const SMALL_HEAP = ['--optimize-for-size', '--heap-growing-percent=20'];

/** Makes WinRM clients. The code is loaded on first use: most agents never need it. */
export class WinrmAccess {
  readonly #deps: { readonly clock: Clock; readonly random: Random };
  #shared: WinrmShared | undefined;
  #resolve: Resolve;

  constructor(deps: { readonly clock: Clock; readonly random: Random }, resolve: Resolve = NOBODY_KNOWS) {
    this.#deps = deps;
    this.#resolve = resolve;
  }

  /**
   * Hosts are found by this resolver from now on, also by clients that were made before: a subscription outlives a reload.
   */
  resolveBy(resolve: Resolve): void {
    this.#resolve = resolve;
  }

  /** A client of one host; the caller closes it. */
  async client(settings: WinrmSettings): Promise<WinrmClient> {
    const [{ WinrmClient }, { lookupBy }, { createWinrmShared }] = await Promise.all([
      import('../winrm/client.ts'),
      import('../winrm/lookup.ts'),
      import('../winrm/shared.ts'),
    ]);
    if (this.#shared === undefined) setFlags(SMALL_HEAP);
    this.#shared ??= createWinrmShared();
    const { clock, random } = this.#deps;
    const shared = this.#shared;
    const lookup = lookupBy((host, signal) => this.#resolve(host, signal));
    return new WinrmClient(connectionOf(settings), { clock, random, shared, lookup });
  }

  /** After all clients are closed. */
  close(): void {
    this.#shared?.close();
    this.#shared = undefined;
  }
}

/** Literal addresses need no resolver. */
const NOBODY_KNOWS: Resolve = async () => err({ detail: 'the resolver is not ready yet' });

function connectionOf(settings: WinrmSettings): WinrmConnection {
  const { url, ca_file, insecure } = settings;
  return { url, caFile: ca_file, insecure, auth: authOf(settings) };
}

function authOf(settings: WinrmSettings): WinrmAuth {
  switch (settings.auth) {
    case 'basic': {
      const password = secretSource(settings.password, settings.password_file);
      if (password === undefined) throw new Error('there is no password for this login');
      return { kind: 'basic', username: settings.username, password };
    }
    case 'certificate':
      return { kind: 'certificate', certFile: settings.cert_file, keyFile: settings.key_file };
    case 'kerberos':
      return { kind: 'kerberos', principal: settings.principal, keytabFile: settings.keytab_file };
  }
}
