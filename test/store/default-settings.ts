import { storeSettings } from '../../src/agent/store-settings.ts';
import { ConfigSchema } from '../../src/config/schema.ts';

/** The store settings of an empty configuration. */
export const DEFAULT_SETTINGS = storeSettings(ConfigSchema.parse({}));
