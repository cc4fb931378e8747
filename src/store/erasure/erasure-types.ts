/** All that is kept of machines that are to be erased, or was kept of those that were. */
export interface Erasure {
  /** Each machine under every name that is kept of it. */
  readonly machines: readonly { readonly asked: string; readonly names: readonly string[] }[];
  /** Names of which nothing is kept. */
  readonly unknown: readonly string[];
  readonly records: number;
  readonly leases: number;
  /** Rows of inventories, and what clients said of themselves. */
  readonly rows: number;
}
