import { pino } from 'pino';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Terminal } from './terminal.ts';

export interface AgentLogger extends Logger {
  /** Takes another level from the next line on, and another format once its code is loaded. */
  configure(log: Config['log']): Promise<void>;
}

/** Logs lines to standard error: results alone go to standard output. While nobody reads them, lines are left out. */
export async function createLogger(
  log: Config['log'],
  { error, isClogged }: Pick<Terminal, 'error' | 'isClogged'>,
): Promise<AgentLogger> {
  let lost = 0;
  const write = (line: string): void => {
    if (isClogged?.() === true) {
      lost += 1;
      return;
    }
    const lines = lost;
    lost = 0;
    if (lines > 0) logger.warn({ lines }, 'lines of the log are missing here, because its reader did not keep up');
    error(inForm(line));
  };
  let inForm = await formOf(log.format);
  const logger = pino(
    {
      level: log.level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
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
