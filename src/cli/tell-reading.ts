import { readingWords } from '../explain/still-reading.ts';
import type { StoreAccess } from '../store/store-types.ts';
import type { Terminal } from './terminal.ts';

/** Says on standard error whose log is still coming in: standard output then rests on a part of it. */
export async function tellReading(store: Pick<StoreAccess, 'reading'>, terminal: Terminal): Promise<void> {
  const found = await store.reading();
  // An agent of an older version does not know the question.
  const words = readingWords(found.ok ? found.value : []);
  if (words !== '') terminal.error(`${words} This is what a part of the log shows: ask again once it is read.\n`);
}
