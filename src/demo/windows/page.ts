/** How much of an answer may be items. */
export interface PageLimit {
  readonly items: number;
  /** Characters of the items together. */
  readonly characters: number;
}

/** What an envelope needs around its items, in any spelling, with bookmarks of a few channels. */
const ENVELOPE_CHARACTERS = 2_200;
/** Of Windows ([MS-WSMV] 2.2.4.10). */
const MAX_BATCH_ITEMS = 32_000;

/** MaxEnvelopeSize counts octets of UTF-16, as recorded pages of Windows show. @param items 0: as many as fit */
export function pageLimit(maxEnvelopeSize: number, items: number): PageLimit {
  return {
    items: items === 0 ? MAX_BATCH_ITEMS : Math.min(MAX_BATCH_ITEMS, items),
    characters: Math.floor(maxEnvelopeSize / 2) - ENVELOPE_CHARACTERS,
  };
}

/** Items that go into one answer. */
export class Page {
  readonly items: string[] = [];
  readonly #limit: PageLimit;
  #characters = 0;

  constructor(limit: PageLimit) {
    this.#limit = limit;
  }

  /** True when it was taken; false when it has no room and belongs to the next page. */
  add(item: string): boolean {
    const isFull = this.items.length >= this.#limit.items || this.#characters + item.length > this.#limit.characters;
    if (isFull) return false;
    this.items.push(item);
    this.#characters += item.length;
    return true;
  }
}
