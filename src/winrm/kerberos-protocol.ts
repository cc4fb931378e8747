/** The messages between the agent and the process that holds the tickets of a keytab. */

export interface KerberosQuestion {
  readonly id: number;
  /** The login; its first question makes it. */
  readonly login: number;
  readonly service: string;
  readonly principal: string;
  /** Base64 of what the host said; empty at the start; undefined: the login is over. */
  readonly challenge: string | undefined;
}

export type KerberosAnswer =
  | { readonly id: number; readonly token: string; readonly complete: boolean }
  | { readonly id: number; readonly problem: string };
