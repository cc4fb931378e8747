import { section } from '../expect.ts';
import { oneOf } from '../values.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** `pretty` is for a person at a terminal. */
export const LOG_FORMATS = ['json', 'pretty'] as const;

export const LogSection = section({
  level: oneOf(LOG_LEVELS).default('info'),
  format: oneOf(LOG_FORMATS).default('json'),
}).prefault({});
