import type { OperationName } from './operations.ts';

/** What the main thread sends. */
export type Call =
  | { readonly id: number; readonly name: OperationName; readonly args: readonly unknown[] }
  | { readonly name: 'close' };

/** What the writer thread sends back; id 0 says that the database is open. */
export type Answer =
  | { readonly id: number; readonly value: unknown; readonly bytes: number }
  | { readonly id: number; readonly error: string };
