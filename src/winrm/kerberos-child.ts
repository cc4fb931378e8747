/**
 * Holds the tickets of one keytab. libkrb5 takes keytab and ticket cache from the environment of the process, whichever
 * host it is for; so each keytab has a process of its own (see kerberos-children.ts).
 */
import type { KerberosClient } from 'kerberos';
import type { KerberosAnswer, KerberosQuestion } from './kerberos-protocol.ts';

const clients = new Map<number, KerberosClient>();

/** By what MIT Kerberos says. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /decrypt integrity check failed|preauthentication failed|password incorrect/i,
    'the account has another password than when the keytab was made: make the keytab anew',
  ],
  [/clock skew/i, 'set the clocks of this machine and of the domain right'],
  [/find KDC|contact any KDC|resolve .*KDC/i, '/etc/krb5.conf, or DNS, has to name the domain controllers'],
  [
    /server .*not found in kerberos database/i,
    "the name in url has to be the host's in the domain, for which it has the service HTTP",
  ],
  [/find client principal|no suitable keys/i, 'the keytab has no key of that principal; klist -k lists what it has'],
];

process.on('message', (question: KerberosQuestion) => {
  void answer(question).then((said) => {
    if (said !== undefined && process.connected) process.send?.(said);
  });
});

process.on('disconnect', () => process.exit());

async function answer({ id, login, challenge, ...asked }: KerberosQuestion): Promise<KerberosAnswer | undefined> {
  if (challenge === undefined) {
    clients.delete(login);
    return undefined;
  }
  try {
    const client = clients.get(login) ?? (await begin(asked));
    clients.set(login, client);
    const token = await client.step(challenge);
    return { id, token: token ?? '', complete: client.contextComplete };
  } catch (error) {
    clients.delete(login);
    return { id, problem: problemOf(error) };
  }
}

async function begin({ service, principal }: { service: string; principal: string }): Promise<KerberosClient> {
  const kerberos = await import('kerberos');
  // Mutual authentication is the package's default.
  return kerberos.initializeClient(service, {
    principal,
    mechOID: kerberos.GSS_MECH_OID_SPNEGO,
  });
}

function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const text = error instanceof Error ? error.message : String(error);
  const absent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED';
  if (absent || /^Opening library /.test(text)) {
    return "the optional package 'kerberos' is not there or was not built: install Debian's libkrb5-dev, then run npm ci (or npm install kerberos) again; at run time it needs libgssapi-krb5-2";
  }
  const remedy = REMEDIES.find(([pattern]) => pattern.test(text))?.[1];
  return `Kerberos: ${text}${remedy === undefined ? '' : ` (${remedy})`}`;
}
