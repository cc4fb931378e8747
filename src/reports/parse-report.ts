import { TextDecoder } from 'node:util';
import { err, type Result } from '../kernel/result.ts';
import type { NamedProduct } from '../products/product.ts';
import { textInstead } from './not-a-report.ts';
import { readReport } from './read-report.ts';
import type { HostReport } from './types.ts';

/** Bytes of a report: several times that of a host which lists every product it could have, in UTF-16. */
export const MAX_REPORT_OCTETS = 4 * 1024 * 1024;

/**
 * Reads a report from the body of a push or the output of a command: JSON in UTF-8, or in UTF-16 with a byte-order mark,
 * as Windows PowerShell writes it to a file.
 * @param configured products of the configuration, by activation id in lower case
 * @returns the report; or an error message, safe to print. Never throws
 */
export function parseReport(
  octets: Uint8Array,
  configured: ReadonlyMap<string, NamedProduct> = new Map(),
): Result<HostReport, string> {
  if (octets.length > MAX_REPORT_OCTETS) return err(`the report has more than ${MAX_REPORT_OCTETS} bytes`);
  const text = new TextDecoder(encodingOf(octets)).decode(octets).trim();
  if (text === '') return err('the report is empty');
  try {
    return readReport(JSON.parse(text), configured);
  } catch (error) {
    if (error instanceof SyntaxError) return err(textInstead(text));
    throw error;
  }
}

/** Without a mark it is UTF-8. The decoder takes the mark away. */
function encodingOf(octets: Uint8Array): string {
  if (octets[0] === 0xff && octets[1] === 0xfe) return 'utf-16le';
  if (octets[0] === 0xfe && octets[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
