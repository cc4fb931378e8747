import type { KnownClass } from './product-class.ts';
import type { Release } from './releases.ts';
import type { Source } from './sources.ts';

/**
 * Requests that no host key of an organisation covers. `home`: a Home edition is never activated by KMS, so somebody ran
 * an activation script, or deployed the wrong image. `azure`: an edition that only Azure activates.
 */
export type RequestKind = 'home' | 'azure';

/** Products that have everything in common but their names. */
export interface ProductGroup {
  readonly class: KnownClass;
  /** Empty if unknown. Several if they share one activation id: then an id alone does not tell which. */
  readonly releases: readonly Release[];
  readonly kind?: RequestKind;
  readonly source: Source;
  /** Names by activation id in lower case. */
  readonly products: Readonly<Record<string, string>>;
}
