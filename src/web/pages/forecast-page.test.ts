import { expect, it } from 'vitest';
import { hostName } from '../../../test/support/host-name.ts';
import { app, fakeStore } from '../../../test/support/web-app.ts';
import { ok } from '../../kernel/result.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';

const ASKED: unknown[] = [];

const WEB = app({
  store: () =>
    fakeStore({
      forecast: async (asked) => {
        ASKED.push(asked);
        const host = { host: hostName('kms01.corp.example'), cls: 'client', pool: 'windows', ends: [1, 2] } as const;
        const counted = { census: new Array<number>(31).fill(7), count: 30, threshold: 25 };
        return ok({
          asOf: seconds(0),
          ...asked,
          stopping: 12,
          hosts: [{ ...host, ...counted, breach: seconds(9 * DAY_S) }],
        });
      },
    }),
});

it('shows when a host falls below its threshold once some machines stop', async () => {
  const page = await WEB.inject('/forecast?without=br7-*');
  expect(ASKED.at(-1)).toEqual({ days: 180, without: 'br7-*' });
  expect(page.body).toContain('called like br7-* stop asking now, and all others go on: 12 of them');
  expect(page.body).toMatch(/kms01\.corp\.example.*client.*30.*25.*7.*in 9 days/s);
  expect(page.body).toContain('/forecast.csv?without=br7-*');
});

it('is a file too', async () => {
  const file = await WEB.inject('/forecast.csv?separator=;');
  expect(ASKED.at(-1)).toEqual({ days: 180, without: null });
  expect(file.body.split('\r\n')[1]).toBe('kms01.corp.example;client;windows;30;25;7;1970-01-10 00:00:00;3');
  expect((await WEB.inject('/forecast.csv?separator=x')).statusCode).toBe(400);
});
