import { section } from '../expect.ts';
import { oneOf } from '../values.ts';

export const LogSection = section({
  level: oneOf(['debug', 'info', 'warn', 'error']).default('info'),
  /** `pretty` is for a person at a terminal. */
  format: oneOf(['json', 'pretty']).default('json'),
}).prefault({});
