import { expect, it } from 'vitest';
import { createLogger } from './log.ts';

it('leaves lines out while nobody reads them, and says how many', async () => {
  const lines: string[] = [];
  let isClogged = false;
  const terminal = { error: (line: string) => void lines.push(line), isClogged: () => isClogged };
  const logger = await createLogger({ level: 'info', format: 'json' }, terminal);
  logger.info({}, 'one');
  isClogged = true;
  logger.info({}, 'two');
  logger.error({}, 'three');
  isClogged = false;
  logger.info({}, 'four');
  logger.info({}, 'five');
  expect(lines.map((line) => JSON.parse(line)).map(({ msg, lines }) => [msg, lines])).toEqual([
    ['one', undefined],
    [expect.stringContaining('are missing here'), 2],
    ['four', undefined],
    ['five', undefined],
  ]);
});
