/**
 * The object of a text that an earlier run has kept. The file that it comes from may be damaged.
 * @returns undefined if it is no JSON of an object
 */
export function readObject<T extends object>(text: string): Partial<T> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
