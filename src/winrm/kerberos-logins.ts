import type { Result } from '../kernel/result.ts';

/** Whose ticket a login uses. */
export interface KerberosCredentials {
  /** `mon@CORP.EXAMPLE.COM`. */
  readonly principal: string;
  readonly keytabFile: string;
}

export interface KerberosStep {
  /** Base64, for the host; empty when there is nothing more to say to it. */
  readonly token: string;
  /** True: both sides have proved who they are. */
  readonly complete: boolean;
}

/** One SPNEGO context. */
export interface KerberosLogin {
  /**
   * @param challenge base64, what the host said; empty at the start
   * @returns what to answer; or why there is no ticket, for a person
   */
  step(challenge: string): Promise<Result<KerberosStep, string>>;
  /** MUST be called once: forgets the context. */
  end(): void;
}

/** Makes logins from keytabs. Those of one keytab never see the tickets of another. */
export interface KerberosLogins {
  /** @param service `HTTP@host` */
  begin(credentials: KerberosCredentials, service: string): Promise<Result<KerberosLogin, string>>;
  close(): void;
}
