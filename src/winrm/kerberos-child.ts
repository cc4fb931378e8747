/**
 * Holds the tickets of one keytab. libkrb5 takes keytab and ticket cache from the environment of the process, whichever
 * host it is for; so each keytab has its own process (see kerberos-children.ts).
 */
import type { KerberosClient } from 'kerberos';
import type { KerberosStep } from './kerberos-logins.ts';
import type { KerberosAnswer, KerberosQuestion } from './kerberos-protocol.ts';

type Asked = Pick<KerberosQuestion, 'service' | 'principal'>;

/** By number of login; one that is over is not there. */
const contexts = new Map<number, Promise<KerberosClient>>();

/**
 * Logins of a keytab share its tickets. As libkrb5 renews them it empties the cache and fills it again, and a login that
 * looks just then finds none: 1 in 1,200 was measured where 20 began at once. The next try finds them.
 */
const TICKETS_REPLACED = /matching credential not found/i;
const MAX_TRIES = 5;

/** By what MIT Kerberos says. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /decrypt integrity check failed|preauthentication failed|password incorrect/i,
    'the password of the account has changed since the keytab was created: create the keytab again',
  ],
  [/clock skew|ticket (not yet valid|expired)/i, 'correct the clocks of this machine and of the domain'],
  [/find KDC|contact any KDC|resolve .*KDC/i, 'list the domain controllers in /etc/krb5.conf or DNS'],
  [/server .*not found in kerberos database/i, "use the host's domain name in url, the one that has the SPN HTTP/name"],
  [/find client principal|no suitable keys/i, 'the keytab has no key for that principal; klist -k lists its keys'],
];

process.on('message', (question: KerberosQuestion) => {
  void answer(question).then((said) => {
    if (said !== undefined && process.connected) process.send?.(said);
  });
});

process.on('disconnect', () => process.exit());

async function answer({ id, login, challenge, ...asked }: KerberosQuestion): Promise<KerberosAnswer | undefined> {
  if (challenge === undefined) {
    contexts.delete(login);
    return undefined;
  }
  try {
    return { id, ...(await step(login, challenge, asked, 1)) };
  } catch (error) {
    contexts.delete(login);
    return { id, problem: problemOf(error) };
  }
}

async function step(login: number, challenge: string, asked: Asked, tried: number): Promise<KerberosStep> {
  const context = contexts.get(login) ?? begin(asked);
  contexts.set(login, context);
  const client = await context;
  const isOver = (): boolean => contexts.get(login) !== context;
  // All threads may have waited for a silent KDC: nothing more is asked of it for a login that was given up meanwhile.
  if (isOver()) throw new Error('the login was cancelled');
  try {
    const token = await client.step(challenge);
    return { token: token ?? '', complete: client.contextComplete };
  } catch (error) {
    const mayTryAgain = challenge === '' && tried < MAX_TRIES && !isOver();
    if (!mayTryAgain || !TICKETS_REPLACED.test(textOf(error))) throw error;
    contexts.delete(login);
    return step(login, challenge, asked, tried + 1);
  }
}

async function begin({ service, principal }: Asked): Promise<KerberosClient> {
  const kerberos = await import('kerberos');
  // Mutual authentication is the package's default.
  return kerberos.initializeClient(service, {
    principal,
    mechOID: kerberos.GSS_MECH_OID_SPNEGO,
  });
}

function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const text = textOf(error);
  const absent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED';
  if (absent || /^Opening library /.test(text)) {
    return "the optional package 'kerberos' is missing or was not built: install Debian's libkrb5-dev, then run npm ci (or npm install kerberos) again; at run time it needs libgssapi-krb5-2";
  }
  const remedy = REMEDIES.find(([pattern]) => pattern.test(text))?.[1];
  return `Kerberos: ${text}${remedy === undefined ? '' : ` (${remedy})`}`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
