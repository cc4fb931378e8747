import { expect, it } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import { ChangeLog } from './change-log.ts';

it('logs once that host reports, reports no host key, or does not report', () => {
  const lines: string[] = [];
  const write = (level: string) => (_fields: object, text: string) => lines.push(`${level}: ${text}`);
  const logger = { ...silentLogger, debug: write('debug'), info: write('info'), warn: write('warn') };
  const log = new ChangeLog(logger);
  for (const keys of [1, 2, 0, 0, 1]) log.reported('kms01.corp.example', keys);
  for (const detail of ['silent', 'silent', 'refused']) log.reportFailed('kms01.corp.example', detail);
  log.reported('kms01.corp.example', 0);
  expect(lines).toEqual([
    'info: report received',
    'debug: report received',
    'warn: report names no KMS host key',
    'debug: report names no KMS host key',
    'info: report received',
    'warn: report failed',
    'debug: report failed',
    'warn: report failed',
    'warn: report names no KMS host key',
  ]);
});
