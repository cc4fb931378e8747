import { pino } from 'pino';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../kernel/logger.ts';

export interface AgentLogger extends Logger {
  /** Takes another level from the next line on, and another format once its code is loaded. */
  configure(log: Config['log']): Promise<void>;
}

/** Logs lines to standard error: results alone go to standard output. */
export async function createLogger(log: Config['log'], write: (line: string) => void): Promise<AgentLogger> {
  let inForm = await formOf(log.format);
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
    async configure(next) {
      logger.level = next.level;
      inForm = await formOf(next.format);
    },
  };
}

/** Loaded where it is wanted, which is at a terminal: a service would carry a megabyte of it for nothing. */
async function formOf(format: Config['log']['format']): Promise<(line: string) => string> {
  if (format === 'json') return (line) => line;
  const { prettyFactory } = await import('pino-pretty');
  return prettyFactory({ colorize: false, translateTime: 'SYS:standard', ignore: 'pid,hostname' });
}
