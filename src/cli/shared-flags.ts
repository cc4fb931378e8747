import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseExternalUrl, parseTelemetryPath } from '../config/external-url.ts';
import type { Config } from '../config/schema.ts';
import { LOG_FORMATS, LOG_LEVELS } from '../config/sections/log.ts';
import type { Result } from '../kernel/result.ts';
import { type ListenOption, listenOption } from './listen-option.ts';

/** Options that take the place of a key of the configuration, as commander keeps them. */
export interface SharedFlags extends ListenOption {
  readonly 'web.config.file'?: string;
  readonly 'web.externalUrl'?: string;
  readonly 'web.telemetryPath'?: string;
  readonly 'log.level'?: Config['log']['level'];
  readonly 'log.format'?: Config['log']['format'];
}

export function addSharedFlags(command: Command): Command {
  return command
    .addOption(listenOption())
    .option('--web.config.file <file>', 'TLS and passwords, instead of web.config_file')
    .addOption(new Option('--web.external-url <url>', 'instead of web.external_url').argParser(by(parseExternalUrl)))
    .addOption(
      new Option('--web.telemetry-path <path>', 'instead of web.telemetry_path').argParser(by(parseTelemetryPath)),
    )
    .addOption(new Option('--log.level <level>', 'instead of log.level').choices(LOG_LEVELS))
    .addOption(new Option('--log.format <format>', 'instead of log.format').choices(LOG_FORMATS));
}

/** A configuration with what the command line says; it says it again at each reload. */
export function withFlags(config: Config, flags: SharedFlags): Config {
  const { web, log } = config;
  return {
    ...config,
    web: {
      ...web,
      listen: [...(flags['web.listen'] ?? web.listen)],
      config_file: flags['web.config.file'] ?? web.config_file,
      external_url: flags['web.externalUrl'] ?? web.external_url,
      telemetry_path: flags['web.telemetryPath'] ?? web.telemetry_path,
    },
    log: { level: flags['log.level'] ?? log.level, format: flags['log.format'] ?? log.format },
  };
}

function by(parse: (text: string) => Result<string, string>) {
  return (text: string): string => {
    const value = parse(text);
    if (!value.ok) throw new InvalidArgumentError(value.error);
    return value.value;
  };
}
