import { findConfigFile, loadConfigFile, mistakesInFiles } from '../config/config-file.ts';
import { formatMistakes } from '../config/mistakes.ts';
import { type Config, defaultConfig } from '../config/schema.ts';
import { loadWebSettings } from '../config/web-file/web-settings.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type SharedFlags, withFlags } from './shared-flags.ts';

/** A configuration, and where it came from; undefined: from nowhere, all defaults. */
export interface Loaded {
  readonly config: Config;
  readonly file: string | undefined;
}

/**
 * Reads the named file, else the default one where it exists, else takes the defaults.
 * @param flags what the command line says instead
 * @returns the configuration; or every mistake, a line each
 */
export async function loadConfiguration(
  explicit: string | undefined,
  flags: SharedFlags = {},
): Promise<Result<Loaded, string>> {
  const file = findConfigFile(explicit);
  if (file === undefined) return ok({ config: withFlags(defaultConfig(), flags), file });
  const config = await loadConfigFile(file);
  return config.ok
    ? ok({ config: withFlags(config.value, flags), file })
    : err(formatMistakes(file, config.error).join('\n'));
}

/**
 * The same for commands that serve or check: with the file of `web.config_file`, whose keys other commands need not be able
 * to read.
 */
export async function loadServingConfiguration(
  explicit: string | undefined,
  flags: SharedFlags = {},
): Promise<Result<Loaded, string>> {
  const loaded = await loadConfiguration(explicit, flags);
  if (!loaded.ok) return loaded;
  const { config_file: path, pages } = loaded.value.config.web;
  if (path === undefined) return loaded;
  const web = await loadWebSettings(path, { users: pages.users });
  return web.ok ? loaded : err(formatMistakes(path, web.error).join('\n'));
}

/** The same for commands that check: also opens every file that the configuration names. @returns undefined; or every mistake */
export async function checkConfiguration(file: string): Promise<string | undefined> {
  const loaded = await loadServingConfiguration(file);
  if (!loaded.ok) return loaded.error;
  const mistakes = await mistakesInFiles(file, loaded.value.config);
  return mistakes.length === 0 ? undefined : formatMistakes(file, mistakes).join('\n');
}
