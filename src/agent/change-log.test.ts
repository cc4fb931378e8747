import { expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { silentLogger } from '../kernel/logger.ts';
import { millis } from '../kernel/time.ts';
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

it('blames the agent, and no host, for its own lack of open files', () => {
  const lines: string[] = [];
  const logger = {
    ...silentLogger,
    warn: (_: object, text: string) => void lines.push(text),
    error: (fields: object, text: string) => void lines.push(`${text}: ${Object.values(fields).at(-1)}`),
  };
  const log = new ChangeLog(logger);
  const phases = { resolve: undefined, connect: undefined, bind: undefined };
  const probe = {
    host: hostName('kms01'),
    port: 1688,
    at: millis(0),
    outcome: 'error',
    addresses: [],
    phases,
  } as const;
  log.probed({ ...probe, detail: 'too many open files', isOwnFault: true });
  log.probed({ ...probe, detail: 'a strange answer' });
  expect(lines).toEqual(['this agent could not probe a host: too many open files', 'host is not up']);
});
