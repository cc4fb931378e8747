import { createRequire } from 'node:module';
import { pino } from 'pino';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../kernel/logger.ts';

export interface AgentLogger extends Logger {
  /** Takes another level or format, from the next line on. */
  configure(log: Config['log']): void;
}

/** Logs lines to standard error: results alone go to standard output. */
export function createLogger(log: Config['log'], write: (line: string) => void): AgentLogger {
  let { format } = log;
  let pretty: ((line: string) => string) | undefined;
  const inForm = (line: string): string => {
    if (format === 'json') return line;
    pretty ??= prettyPrinter();
    return pretty(line);
  };
  const logger = pino(
    {
      level: log.level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(inForm(line)) },
  );
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    configure(next) {
      logger.level = next.level;
      format = next.format;
    },
  };
}

/** Loaded where it is wanted, which is at a terminal: a service would carry a megabyte of it for nothing. */
function prettyPrinter(): (line: string) => string {
  const { prettyFactory }: typeof import('pino-pretty') = createRequire(import.meta.url)('pino-pretty');
  return prettyFactory({ colorize: false, translateTime: 'SYS:standard', ignore: 'pid,hostname' });
}
