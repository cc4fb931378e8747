import { pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../kernel/logger.ts';

export interface AgentLogger extends Logger {
  /** Takes another level or format, from the next line on. */
  configure(log: Config['log']): void;
}

/** Logs lines to standard error: results alone go to standard output. */
export function createLogger(log: Config['log'], write: (line: string) => void): AgentLogger {
  let { format } = log;
  const prettyStream = pretty.prettyFactory({ colorize: false, translateTime: 'SYS:standard', ignore: 'pid,hostname' });
  const logger = pino(
    {
      level: log.level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(format === 'pretty' ? prettyStream(line) : line) },
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
