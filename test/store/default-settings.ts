import { ConfigSchema } from '../../src/config/schema.ts';
import { storeSettings } from '../../src/store/settings.ts';

/** What a configuration without a word means to the store. */
export const DEFAULT_SETTINGS = storeSettings(ConfigSchema.parse({}));
