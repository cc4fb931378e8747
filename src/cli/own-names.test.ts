import { expect, it } from 'vitest';
import { ownNames } from './own-names.ts';

it('knows the names that other exporters have for options', () => {
  expect(ownNames(['run', '--config.file=/etc/a=b.yml', '--web.listen-address', ':9', '--config.files'])).toEqual([
    'run',
    '--config=/etc/a=b.yml',
    '--web.listen',
    ':9',
    '--config.files',
  ]);
});
