import { expect, it } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import { ChangeLog } from './change-log.ts';

it('tells once that a host reports, without a host key, or not at all', () => {
  const lines: string[] = [];
  const write = (level: string) => (_fields: object, text: string) => lines.push(`${level}: ${text}`);
  const logger = { ...silentLogger, debug: write('debug'), info: write('info'), warn: write('warn') };
  const log = new ChangeLog(logger);
  for (const keys of [1, 2, 0, 0, 1]) log.reported('kms01.corp.example', keys);
  for (const detail of ['silent', 'silent', 'refused']) log.reportFailed('kms01.corp.example', detail);
  log.reported('kms01.corp.example', 0);
  expect(lines).toEqual([
    'info: a host reports',
    'debug: a host reports',
    'warn: a host reports, without any KMS host key',
    'debug: a host reports, without any KMS host key',
    'info: a host reports',
    'warn: a host gives no report',
    'debug: a host gives no report',
    'warn: a host gives no report',
    'warn: a host reports, without any KMS host key',
  ]);
});
