import { expect, test } from 'vitest';
import { HISTORY_START as T } from '../../test/model/histories.ts';
import { DEFAULTS, request } from '../../test/model/requests.ts';
import { DAY_S, seconds } from '../kernel/time.ts';
import { foldRequest } from './fold.ts';
import { isSuperseded } from './superseded.ts';
import type { LeaseRequest } from './types.ts';

const WINDOWS = request();
const OFFICE = request({ activationId: 'office-2021', cls: 'office', pool: 'office' });
const UNKNOWN = request({ activationId: 'unknown', cls: 'unknown', pool: undefined });

test.each([
  ['its own request', WINDOWS, {}, false],
  ['the next Windows', WINDOWS, { activationId: 'other', time: seconds(T + 1) }, true],
  ['the next Windows of the same second', WINDOWS, { activationId: 'other', recordId: 2 }, true],
  [
    'the same product after a new installation',
    WINDOWS,
    { clientId: 'other', cls: 'client', time: seconds(T + 1) },
    true,
  ],
  ['a server after a client', WINDOWS, { activationId: 'other', cls: 'server', time: seconds(T + 1) }, true],
  ['another Office beside it', OFFICE, { activationId: 'project-2021', time: seconds(T + 30 * DAY_S) }, false],
  ['another Office after a month', OFFICE, { activationId: 'project-2021', time: seconds(T + 30 * DAY_S + 1) }, true],
  ['another unknown after a month', UNKNOWN, { activationId: 'other', time: seconds(T + 30 * DAY_S + 1) }, true],
] satisfies [string, LeaseRequest, Partial<LeaseRequest>, boolean][])('%s', (_, own, latest, superseded) => {
  const lease = foldRequest(undefined, own, 'enough', DEFAULTS);
  expect(isSuperseded(lease, { ...own, ...latest })).toBe(superseded);
});
