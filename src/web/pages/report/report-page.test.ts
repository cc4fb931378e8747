import { expect, it } from 'vitest';
import { app, fakeStore, monthReport } from '../../../../test/support/web-app.ts';
import { ok } from '../../../kernel/result.ts';

it('shows a month, escaped, with its products, keys and outages', async () => {
  const page = await app().inject('/report?month=2026-10');
  expect(page.body).toContain('<h1>Report of 2026-10</h1>');
  expect(page.body).toContain('Windows &lt;10&gt;');
  expect(page.body).toContain('2025-10-14');
  expect(page.body).toContain('Windows Server 2022 KMS host key (not activated)');
  expect(page.body).toMatch(/KmsHostDown.*kms01.*2026-10-03 00:00 UTC.*goes on.*2 hours/s);
  expect(page.body).not.toContain('Changes since');
});

it('lists what came after a month was closed', async () => {
  const change = { product: null, figure: 'active', closed: 3, now: 5 } as const;
  const store = () =>
    fakeStore({ month: async (month) => ok(monthReport(month, { closed: true, changes: [change] })) });
  const page = await app({ store }).inject('/report?month=2026-10');
  expect(page.body).toMatch(/Closed at .*Changes since it was closed.*All products.*active.*3.*5/s);
});

it('is one table as a file, and JSON', async () => {
  const file = await app().inject('/report.csv?month=2026-10&separator=;');
  const [head, machines, product, host, key, outage, day] = file.body.split('\r\n');
  expect(head).toContain('month;part;name;of;active;physical');
  expect(machines).toBe('2026-10;machines;;;3;2;1;1;;0;;;;;;;');
  expect(product).toBe('2026-10;product;Windows <10>;2de67392;3;2;1;1;;0;;;;;;ended;2025-10-14');
  expect([host, key].join()).toMatch(/host;kms01;;3;.*key;kms01;Windows Server 2022 KMS host key;.*not activated/);
  expect(outage).toContain('KmsHostDown;kms01;;;;;;;;;2026-10-03 00:00:00;;7200');
  expect(day).toContain('day;2026-10-02;;3;;;;;;4;1');
  expect((await app().inject('/api/v1/report?month=2026-10')).json()).toEqual({
    ...monthReport('2026-10'),
    reading: [],
  });
});

it('says in every format how far a move is, and who is left', async () => {
  const move = { to: 'directory', since: '2026-10-05T00:00:00Z', moved: 1200, left: 3, guessed: true };
  const report = (month: string) => monthReport(month, { move: { ...move, still_renewing: ['ws<1>', 'ws2'] } });
  const web = app({ store: () => fakeStore({ month: async (month) => ok(report(month)) }) });
  const page = await web.inject('/report?month=2026-10');
  expect(page.body).toContain('<h2>Move to directory-based activation</h2>');
  expect(page.body).toContain(
    'Since 2026-10-05, 1,200 of 1,203 machines have moved. 3 still renew as before. They have',
  );
  expect(page.body).toContain('Those that still renew now: ws&lt;1&gt;, ws2, and 1 more.');
  const file = await web.inject('/report.csv?month=2026-10');
  expect(file.body).toContain('2026-10,move,moved,directory,1200,');
  expect(file.body).toContain('2026-10,move,left,directory,3,');
  expect(file.body).toContain('2026-10,still renewing,ws2,');
  expect((await web.inject('/api/v1/report?month=2026-10')).json()).toMatchObject({
    move: { moved: 1200, left: 3, still_renewing: ['ws<1>', 'ws2'] },
  });
});

it('shows the last month that is over, and refuses what is none', async () => {
  expect((await app().inject('/api/v1/report')).json()).toMatchObject({ month: expect.stringMatching(/^\d{4}-\d\d$/) });
  for (const url of ['/api/v1/report?month=2026-13', '/report.csv?month=2026-13', '/report.csv?month=1&month=2']) {
    const { statusCode, json } = await app().inject(url);
    expect([statusCode, json().error]).toEqual([400, expect.stringMatching(/^month must be a month such as 2026-10/)]);
  }
  expect((await app().inject('/report?month=2026-13')).statusCode).toBe(200);
});
