import type { SecretSource } from '../config/secrets.ts';
import type { Inventory } from '../inventory/types.ts';
import type { HostName } from '../kernel/host-name.ts';

/** How the agent logs in. `certificate` is SASL EXTERNAL: the certificate of the TLS connection is the login. */
export type DirectoryLogin =
  | { readonly kind: 'simple'; readonly name: string; readonly password: SecretSource }
  | { readonly kind: 'certificate'; readonly certFile: string; readonly keyFile: string }
  | { readonly kind: 'anonymous' };

export interface DirectoryConnection {
  /** `ldaps://HOST[:PORT]`. */
  readonly url: string;
  /** PEM file of the authorities that sign its certificate; undefined: those of Node. */
  readonly caFile: string | undefined;
  readonly login: DirectoryLogin;
}

/** What is read of it. */
export interface DirectoryParts {
  readonly machines: boolean;
  readonly domains: boolean;
  readonly activationObjects: boolean;
}

/** An object of Active Directory-based activation: machines that read it activate themselves, without a KMS host. */
export interface ActivationObject {
  /** As its maker called it; with its own name behind it if several are called so. */
  readonly name: string;
  /** Activation id of the host key that it was made with, lower case; undefined if it has none that can be read. */
  readonly activationId: string | undefined;
  /** The last five characters of that key. */
  readonly partialKey: string | undefined;
}

/** The directory as it was read once; undefined: a part that was not asked for. */
export interface DirectoryReading {
  readonly machines: Inventory | undefined;
  /** DNS names of the domains of the forest, sorted. */
  readonly domains: readonly HostName[] | undefined;
  readonly activationObjects: readonly ActivationObject[] | undefined;
}
