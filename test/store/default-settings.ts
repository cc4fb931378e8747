import { ConfigSchema } from '../../src/config/schema.ts';
import { storeSettings } from '../../src/store/settings.ts';

/** The store settings of an empty configuration. */
export const DEFAULT_SETTINGS = storeSettings(ConfigSchema.parse({}));
