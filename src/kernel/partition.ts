/**
 * The first place for which something holds that also holds for all after it, by halving.
 * @param length places there are @returns 0 to `length`; `length`: it holds for none
 */
export function firstPlace(length: number, holds: (place: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
