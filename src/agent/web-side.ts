import type { RequestListener } from 'node:http';
import { formatMistakes } from '../config/mistakes.ts';
import type { Config } from '../config/schema.ts';
import { watchConfig } from '../config/watch.ts';
import { type LoadedWebSettings, loadWebSettings, OPEN_WEB } from '../config/web-file/web-settings.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Random } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { DAY_MS } from '../kernel/time.ts';
import { PasswordCheck } from '../web/auth/password-check.ts';
import { Listeners } from '../web/listeners.ts';
import type { Access } from '../web/web-backend.ts';

/** Milliseconds before its end at which a certificate is complained of, while there is time to renew it. */
const RENEW_BEFORE = 14 * DAY_MS;

export interface WebSideOptions {
  readonly handler: RequestListener;
  /** Called when the file of `web.config_file`, or one that it names, has changed. */
  readonly onChange: () => void;
  readonly logger: Logger;
  readonly random: Random;
  readonly clock: Clock;
}

const WITHOUT_FILE: LoadedWebSettings = { settings: OPEN_WEB, files: [] };

/** Where the agent listens, how, and to whom: `web` of the configuration with the file that it names. */
export class WebSide {
  readonly #options: WebSideOptions;
  readonly #listeners: Listeners;
  readonly #passwords: PasswordCheck;
  #loaded = WITHOUT_FILE;
  #pages: Access['pages'] = { enabled: true, users: [] };
  #watching: AbortController | undefined;

  constructor(options: WebSideOptions) {
    this.#options = options;
    this.#listeners = new Listeners(options.handler);
    this.#passwords = new PasswordCheck(options.random);
  }

  get addresses(): readonly string[] {
    return this.#listeners.addresses;
  }

  /** `http` or `https`. */
  get scheme(): string {
    return this.#loaded.settings.tls === undefined ? 'http' : 'https';
  }

  access(): Access {
    const { settings } = this.#loaded;
    return {
      settings,
      pages: this.#pages,
      checkPassword: (credentials) => this.#passwords.check(credentials, settings.users),
    };
  }

  /** Goes on as the configuration and the web file now say; when either cannot be taken, all stays as it was. */
  async follow({ web }: Config): Promise<Result<undefined, string>> {
    const loaded = await this.#load(web);
    if (!loaded.ok) return loaded;
    const { tls, http2 } = loaded.value.settings;
    const listening = await this.#listeners.listen(web.listen, { tls, http2 });
    if (!listening.ok) return listening;
    this.#loaded = loaded.value;
    this.#pages = web.pages;
    this.#warnOfCertificate();
    return ok(undefined);
  }

  async close(): Promise<void> {
    this.#watching?.abort();
    await Promise.all([this.#listeners.close(), this.#passwords.close()]);
  }

  async #load({ config_file: path, pages }: Config['web']): Promise<Result<LoadedWebSettings, string>> {
    if (path === undefined) {
      this.#watching?.abort();
      return ok(WITHOUT_FILE);
    }
    const loaded = await loadWebFile(path, pages.users);
    // A broken file is watched as well: somebody will correct it.
    const files = loaded.ok ? loaded.value.files : [...new Set([path, ...this.#loaded.files])];
    await this.#watch(files);
    // What changed before the watch began is not missed either.
    return loaded.ok ? loadWebFile(path, pages.users) : loaded;
  }

  async #watch(files: readonly string[]): Promise<void> {
    const before = this.#watching;
    const watching = new AbortController();
    this.#watching = watching;
    const { onChange } = this.#options;
    await Promise.all(files.map((path) => watchConfig({ path, onChange, signal: watching.signal })));
    before?.abort();
  }

  #warnOfCertificate(): void {
    const { tls } = this.#loaded.settings;
    if (tls === undefined || tls.validTo > this.#options.clock.now() + RENEW_BEFORE) return;
    const until = new Date(tls.validTo).toISOString();
    this.#options.logger.warn({ until }, 'the certificate of the web listeners expires soon or has expired: renew it');
  }
}

/** @returns every mistake, a line each */
async function loadWebFile(path: string, users: readonly string[]): Promise<Result<LoadedWebSettings, string>> {
  const loaded = await loadWebSettings(path, { users });
  return loaded.ok ? loaded : err(formatMistakes(path, loaded.error).join('\n'));
}
