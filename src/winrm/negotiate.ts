import { within } from '../kernel/deadline.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { HttpConnection } from './http-connection.ts';
import type { KerberosCredentials, KerberosLogin, KerberosLogins, KerberosStep } from './kerberos-logins.ts';
import type { Attempt, Login, Send } from './login-types.ts';
import type { Meaning } from './network-failure.ts';
import { negotiateToken } from './unauthorized.ts';

export interface NegotiateOptions {
  readonly auth: KerberosCredentials;
  /** `HTTP@host` */
  readonly service: string;
  readonly logins: KerberosLogins;
  readonly http: HttpConnection;
}

/** Kerberos needs one step, or two with another clock or mechanism. */
const MAX_STEPS = 5;

/** SPNEGO over HTTP (RFC 4559) with Kerberos. The login belongs to the connection, where the host sees it so. */
export class NegotiateLogin implements Login {
  readonly #options: NegotiateOptions;
  /** The connection that is logged in, by its number. */
  #loggedIn: number | undefined;
  /** False: the host demands a login with each request. */
  #bound = true;
  #secrets: string[] = [];

  constructor(options: NegotiateOptions) {
    this.#options = options;
  }

  get secrets(): readonly string[] {
    return this.#secrets;
  }

  async run(send: Send, signal: AbortSignal): Promise<Attempt> {
    const { http } = this.#options;
    if (this.#bound && this.#loggedIn !== undefined && this.#loggedIn === http.connection) {
      const answer = await send(undefined);
      if (!answer.ok || answer.value.status !== 401) return answer;
      if (this.#loggedIn === http.connection) this.#bound = false;
    }
    this.#loggedIn = undefined;
    const login = await this.#wait(this.#options.logins.begin(this.#options.auth, this.#options.service), signal);
    if (!login.ok) return login;
    try {
      return await this.#steps(login.value, send, signal);
    } finally {
      login.value.end();
    }
  }

  async #steps(login: KerberosLogin, send: Send, signal: AbortSignal): Promise<Attempt> {
    this.#secrets = [];
    let challenge = '';
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const next = await this.#step(login, challenge, signal);
      if (!next.ok) return next;
      const answer = await send(`Negotiate ${next.value.token}`);
      if (!answer.ok) return answer;
      challenge = negotiateToken(answer.value.challenges);
      if (answer.value.status !== 401) return this.#finish(login, challenge, next.value, answer, signal);
      if (challenge === '' || next.value.complete) return answer;
    }
    return err({ reason: 'unauthorized', text: `the login did not finish within ${MAX_STEPS} steps` });
  }

  /** The host's last token proves that it is who it should be; TLS has proved that before. */
  async #finish(
    login: KerberosLogin,
    challenge: string,
    { complete }: KerberosStep,
    answer: Attempt,
    signal: AbortSignal,
  ): Promise<Attempt> {
    if (challenge !== '' && !complete) {
      const last = await this.#wait(login.step(challenge), signal);
      if (!last.ok)
        return err({ reason: 'tls', text: `it does not prove its identity by Kerberos: ${last.error.text}` });
    }
    this.#loggedIn = this.#options.http.connection;
    return answer;
  }

  async #step(login: KerberosLogin, challenge: string, signal: AbortSignal): Promise<Result<KerberosStep, Meaning>> {
    const step = await this.#wait(login.step(challenge), signal);
    if (step.ok) this.#secrets.push(step.value.token);
    return step;
  }

  /** A KDC that does not answer holds up the login, but not what waits for it. */
  async #wait<T>(promise: Promise<Result<T, string>>, signal: AbortSignal): Promise<Result<T, Meaning>> {
    const result = await within(promise, undefined, signal);
    if (result === undefined) return err({ reason: 'timeout', text: 'no Kerberos ticket in time' });
    return result.ok ? ok(result.value) : err({ reason: 'credentials', text: result.error });
  }
}
