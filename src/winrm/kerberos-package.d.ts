/**
 * The part of the optional package `kerberos` that is used, declared here so that the program compiles where that package
 * could not be built.
 */
declare module 'kerberos' {
  export interface KerberosClient {
    readonly contextComplete: boolean;
    /** @param challenge base64, empty at the start */
    step(challenge: string): Promise<string | null>;
  }

  export interface ClientOptions {
    readonly principal: string;
    readonly mechOID: number;
  }

  export function initializeClient(service: string, options: ClientOptions): Promise<KerberosClient>;

  export const GSS_MECH_OID_SPNEGO: number;
}
