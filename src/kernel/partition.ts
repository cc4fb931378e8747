/**
 * The first place of a sorted list for which something holds, by binary search.
 * @param length of the list @param holds false up to some place, and true from there on
 * @returns 0 to `length`; `length` if it holds for none
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
