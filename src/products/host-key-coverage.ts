import type { HostKeyCoverage } from './key-coverage.ts';
import { OFFICE_KEYS } from './office-key-coverage.ts';
import { WINDOWS_KEYS } from './windows-key-coverage.ts';

/** By activation id of the host key in lower case; of each kind from new to old. Keys that are not here: not known. */
export const HOST_KEY_COVERAGE: ReadonlyMap<string, HostKeyCoverage> = new Map([...WINDOWS_KEYS, ...OFFICE_KEYS]);
