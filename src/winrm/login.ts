import { err, ok, type Result } from '../kernel/result.ts';
import type { HttpConnection } from './http-connection.ts';
import type { Attempt, Login, Send } from './login-types.ts';
import { NegotiateLogin } from './negotiate.ts';
import type { WinrmConnection, WinrmDeps } from './types.ts';
import { MUTUAL_TLS } from './uris.ts';

/** The way to log in that the configuration names. */
export function loginFor({ auth, url }: WinrmConnection, http: HttpConnection, { shared }: WinrmDeps): Login {
  switch (auth.kind) {
    case 'basic':
      return new BasicLogin(auth);
    case 'certificate':
      return new CertificateLogin();
    case 'kerberos':
      return new NegotiateLogin({ auth, service: `HTTP@${new URL(url).hostname}`, logins: shared.kerberos, http });
  }
}

class BasicLogin implements Login {
  readonly #auth: Extract<WinrmConnection['auth'], { kind: 'basic' }>;
  #secrets: readonly string[] = [];

  constructor(auth: Extract<WinrmConnection['auth'], { kind: 'basic' }>) {
    this.#auth = auth;
  }

  get secrets(): readonly string[] {
    return this.#secrets;
  }

  async run(send: Send): Promise<Attempt> {
    const password = await this.#auth.password.read();
    if (!password.ok) return err({ reason: 'credentials', text: password.error });
    const header = basicHeader(this.#auth.username, password.value.reveal());
    if (!header.ok) return err({ reason: 'credentials', text: header.error });
    this.#secrets = [password.value.reveal(), header.value];
    return send(`Basic ${header.value}`);
  }
}

/** RFC 7617 2: the user name ends at the first colon. */
function basicHeader(username: string, password: string): Result<string, string> {
  if (username.includes(':')) return err('a user name for Basic cannot contain a colon');
  return ok(Buffer.from(`${username}:${password}`, 'utf8').toString('base64'));
}

/** The certificate itself goes with the handshake; see `TlsContexts`. */
class CertificateLogin implements Login {
  readonly secrets: readonly string[] = [];

  run(send: Send): Promise<Attempt> {
    return send(MUTUAL_TLS);
  }
}
