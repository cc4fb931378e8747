import { createKerberosLogins } from './kerberos-children.ts';
import type { KerberosLogins } from './kerberos-logins.ts';
import { TlsContexts } from './tls-contexts.ts';

/** Resources that the clients of all hosts share. */
export interface WinrmShared {
  readonly tls: TlsContexts;
  readonly kerberos: KerberosLogins;
  /** Ends the processes that hold Kerberos tickets; the clients go first. */
  close(): void;
}

export function createWinrmShared(): WinrmShared {
  const kerberos = createKerberosLogins();
  return { tls: new TlsContexts(), kerberos, close: () => kerberos.close() };
}
