import { stringify } from 'yaml';
import { z } from 'zod';
import { withoutNotYet } from './not-yet.ts';
import { type Config, ConfigSchema } from './schema.ts';

/**
 * Writes the effective configuration as YAML that `loadConfig` reads back: keys in the order of the schema, durations
 * and sizes as text, `<secret>` for secrets, and only keys that this version knows a use for.
 */
export function printConfig(config: Config): string {
  return stringify(withoutNotYet(z.encode(ConfigSchema, config)), { lineWidth: 0, keepUndefined: false });
}
