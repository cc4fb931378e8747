import type { Piece } from './cutter.ts';
import { type Fields, isFields } from './fields.ts';

export const NO_OBJECT: Piece = { problem: 'it is not a JSON object' };

export function pieceOf(text: string): Piece {
  const record = parseObject(text);
  return record === undefined ? { problem: 'it is not valid JSON' } : { record };
}

/** @returns undefined for text that is no JSON, or no object */
export function parseObject(text: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isFields(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
