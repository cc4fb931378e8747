import { stringify } from 'yaml';
import { z } from 'zod';
import { type Config, ConfigSchema } from './schema.ts';

/**
 * Writes the effective configuration as YAML that `loadConfig` reads back: keys in the order of the schema, durations
 * and sizes as text, and `<secret>` for secrets.
 */
export function printConfig(config: Config): string {
  return stringify(z.encode(ConfigSchema, config), { lineWidth: 0, keepUndefined: false });
}
