import { distance } from 'fastest-levenshtein';
import { hasWords } from '../kernel/words.ts';

/** As many as a person reads. */
const SHOWN = 5;

/**
 * What a person may have meant by a product of which there is no lease.
 * @param names of products that are known
 * @returns undefined when the product is known: then there is just no lease of it
 */
export function productHint(asked: string, names: readonly string[]): string | undefined {
  const product = asked.toLowerCase();
  if (names.some((name) => hasWords(name.toLowerCase(), product))) return undefined;
  const ranked = names.map((name) => ({ name, rank: rankOf(product, name.toLowerCase()) }));
  ranked.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  const nearest = ranked.slice(0, SHOWN).map(({ name }) => `  ${name}\n`);
  return `no lease of a product '${asked}': give a part of its name or its activation id. Similar names:\n${nearest.join('')}`;
}

/** A name with all that was asked in it comes before every other, the shortest first. */
function rankOf(product: string, name: string): number {
  return hasWords(name, product) ? name.length / 1000 : distance(product.slice(0, 256), name);
}
