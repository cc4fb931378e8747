import { DAY_MS, millis } from '../../kernel/time.ts';
import { list, section } from '../expect.ts';
import { atMostOne, BESIDE, noRepeats, shorter, type Use } from '../rules.ts';
import { secretText } from '../secrets.ts';
import { duration, filePath } from '../values.ts';
import { DirectorySection } from './directory.ts';

/** Sources that list the machines; each is optional. */
export const InventorySection = section({
  /** Of `POST /api/v1/machines`; off without it. */
  token: secretText('a token').optional(),
  token_file: filePath().optional(),
  /** Lists that others write, read again when they change. */
  files: list(section({ path: filePath('/etc/kmswatch/computers.csv') }), 'files')
    .superRefine(noRepeats('the file', pathsOf), BESIDE)
    .default([]),
  /** Active Directory, read over LDAPS. */
  directory: DirectorySection.optional(),
  /** Milliseconds after which a configured source that says nothing is a condition. */
  stale_after: duration('1h', '3650d').default(millis(8 * DAY_MS)),
  /** A machine that a source saw within is alive. */
  alive: duration('1h', '3650d').default(millis(30 * DAY_MS)),
  /** One that no source saw within is gone. */
  gone: duration('1h', '3650d').default(millis(90 * DAY_MS)),
})
  .superRefine(atMostOne('token', 'token_file'), BESIDE)
  .superRefine(shorter('alive', 'gone'), BESIDE)
  .prefault({});

function* pathsOf(files: readonly { path?: unknown }[]): Iterable<Use> {
  for (const [index, file] of files.entries()) yield { word: file?.path, path: [index, 'path'] };
}
