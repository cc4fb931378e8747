import type { InventoryForm } from './types.ts';

/** A source as rows of text, whatever its form was. */
export interface Table {
  readonly form: InventoryForm;
  readonly header: readonly string[];
  readonly rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>;
  readonly morePages: boolean;
}

/** Rows with more columns are no inventory; the names of a directory's attributes are some hundreds. */
export const MAX_COLUMNS = 2000;
/** Of a source; a larger one is refused as a whole. */
export const MAX_ROWS = 1_000_000;
