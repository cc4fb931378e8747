import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { describeWithPeers } from '../peers/peer.ts';
import { type RunningAgent, startAgent } from '../support/agent.ts';
import { axeFindings, startBrowser, visit } from '../support/browser.ts';
import { fleetHistory } from '../support/fleet-history.ts';

const TOKEN = 'a-token-of-the-test';
/** Nothing answers there, so that something is wrong. */
const CONFIG = `discovery: {domains: []}\nhosts: [{name: 127.0.0.1, port: 9}]\ningest: {token: ${TOKEN}}\n`;
const HOSTILE = '<script>alert(1)</script>';
/** As long as a name can be, and written from right to left. */
const ODD = 'ש'.repeat(253);
/** Pixels between its margins. */
const A4 = 700;
const Leases = z.object({
  leases: z.array(z.looseObject({ client: z.string(), state: z.string() })),
  next_cursor: z.string().nullable(),
});
const Conditions = z.object({ conditions: z.array(z.looseObject({ name: z.string(), summary: z.string() })) });
const Forecast = z.object({ hosts: z.array(z.looseObject({ ends: z.array(z.int()) })) });

describeWithPeers('the pages in a browser', ['chromium'], () => {
  let agent: RunningAgent;
  let browser: Browser;

  beforeAll(async () => {
    agent = await startAgent({ config: CONFIG });
    const history = fleetHistory(Date.now(), 60);
    const last = history.trimEnd().split('\n').at(-1) ?? '';
    const body = `${history}${renamed(last)}\n`;
    const sent = await fetch(`${agent.url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body,
    });
    expect(sent.status).toBe(200);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await agent?.stop();
  });

  const api = async (path: string): Promise<unknown> => (await fetch(`${agent.url}${path}`)).json();
  const textOf = async (page: Page, selector: string): Promise<string> =>
    (await page.locator(selector).innerText()).trim();

  it.each([true, false])('finds a machine and tells why it is not activated, scripts %s', async (scripts) => {
    const page = await visit(browser, agent.url, { scripts });
    await page.getByLabel('Find a machine').fill('br-0003');
    await page.getByLabel('Find a machine').press('Enter');
    await page.waitForURL(/\/leases\?client=br-0003$/);
    await page
      .getByRole('row')
      .getByRole('link', { name: /^br-0003/ })
      .first()
      .click();
    await page.waitForURL(/\/clients\/br-0003/);
    expect(await textOf(page, '.lead')).toMatch(
      /is not activated: kms01\.branch\.example counts \d+ of the 25 clients/,
    );
    expect(await page.getByRole('img', { name: /requests? known/ }).count()).toBe(1);
    await page.context().close();
  });

  it.each([true, false])('shows the numbers that the API gives, scripts %s', async (scripts) => {
    const page = await visit(browser, agent.url, { scripts });
    const { conditions } = Conditions.parse(await api('/api/v1/conditions'));
    expect(conditions.length).toBeGreaterThan(0);
    const shown = await page.locator('.open h3').allInnerTexts();
    expect(shown.toSorted()).toEqual(conditions.map(({ summary }) => summary).toSorted());
    const { hosts } = Forecast.parse(await api('/api/v1/forecast?days=180'));
    const ends = hosts.flatMap((host) => host.ends).reduce((sum, leases) => sum + leases, 0);
    expect(ends).toBeGreaterThan(100);
    expect(await textOf(page, 'section[aria-labelledby=calendar] figcaption')).toContain(`, ${ends} within 180.`);
    const link = page.getByRole('link', { name: /leases: Windows clients, not activated$/ });
    const { leases } = Leases.parse(await api('/api/v1/leases?class=client&state=unactivated&limit=1000'));
    expect(leases.length).toBeGreaterThan(0);
    expect(await link.innerText()).toBe(String(leases.length));
    await link.click();
    const names = await page.locator('tbody th a').allInnerTexts();
    expect(names).toEqual(leases.map(({ client }) => client));
    await page.context().close();
  });

  it('pages through all leases and back, and each is there once', async () => {
    const page = await visit(browser, `${agent.url}/leases?sort=client`, { scripts: false });
    const walk = async (to: string): Promise<readonly string[][]> => {
      const pages = [await page.locator('tbody th').allInnerTexts()];
      while (pages.length < 50 && (await page.getByRole('link', { name: to }).count()) > 0) {
        await page.getByRole('link', { name: to }).click();
        pages.push(await page.locator('tbody th').allInnerTexts());
      }
      return pages;
    };
    const onward = await walk('Next page');
    expect((await walk('Previous page')).toReversed()).toEqual(onward);
    const seen = onward.flat();
    const csv = await (await fetch(`${agent.url}/leases.csv?sort=client`)).text();
    expect(seen).toHaveLength(csv.trimEnd().split('\r\n').length - 1);
    expect(seen.length).toBeGreaterThan(200);
    await page.context().close();
  });

  it('exports what is shown', async () => {
    const { leases } = Leases.parse(await api('/api/v1/leases?state=unactivated&limit=1000'));
    const answer = await fetch(`${agent.url}/leases.csv?state=unactivated`);
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const rows = (await answer.text()).trimEnd().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',')[0])).toEqual(leases.map(({ client }) => client));
  });

  it('leads from a condition to what to do about it', async () => {
    const page = await visit(browser, agent.url, { scripts: false });
    const link = page.locator('.open .meta a').first();
    const name = await link.innerText();
    await link.click();
    expect(await textOf(page, 'h1')).toContain(name);
    expect(await page.getByRole('heading', { name: 'Mitigation' }).count()).toBe(1);
    await page.context().close();
  });

  it('renews what stands on the status page, and nothing breaks its policy', async () => {
    const page = await visit(browser, agent.url);
    const broken: string[] = [];
    page.on('console', (message) => broken.push(message.text()));
    page.on('pageerror', (error) => broken.push(error.message));
    await page.evaluate(`document.querySelector('main h1').textContent = 'old'`);
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await page.locator('main h1').filter({ hasNotText: /^old$/ }).waitFor();
    expect(broken).toEqual([]);
    await page.context().close();
  });

  it('shows a machine whose name is as long as it can be', async () => {
    const page = await visit(browser, `${agent.url}/leases?client=${encodeURIComponent('שששש')}`, { scripts: false });
    await page.locator('tbody th a').click();
    expect(await textOf(page, 'h1 bdi')).toBe(ODD);
    expect(await page.getByText('1 request known').count()).toBe(1);
    await page.context().close();
  });

  it('runs nothing that a machine is called', async () => {
    const dialogs: string[] = [];
    for (const path of [
      `/clients/${encodeURIComponent(HOSTILE)}`,
      `/leases?client=${encodeURIComponent(HOSTILE)}`,
      '/',
    ]) {
      const page = await visit(browser, `${agent.url}${path}`, { bypassPolicy: true });
      page.on('dialog', (dialog) => dialogs.push(dialog.message()));
      expect(await page.locator('main script').count()).toBe(0);
      await page.context().close();
    }
    expect(dialogs).toEqual([]);
  });

  const PATHS = [
    '/',
    '/leases',
    '/leases?client=nobody-has-this',
    `/leases?client=${encodeURIComponent('שששש')}`,
    '/clients/br-0003',
    `/clients/${encodeURIComponent(ODD)}`,
    '/clients/nobody',
    '/runbooks',
    '/runbooks/KmsHostDown',
  ];
  it.each(PATHS)('axe finds nothing at %.60s, light, dark or on a phone', async (path) => {
    for (const options of [{}, { scheme: 'dark' }, { width: 360 }] as const) {
      const page = await visit(browser, `${agent.url}${path}`, { ...options, bypassPolicy: true });
      expect(await axeFindings(page)).toEqual([]);
      expect(await tooWide(page), 'nothing is wider than the screen').toBe(0);
      await page.context().close();
    }
  });

  it.each(PATHS)('%.60s has room on A4, in black on white, whatever the colours of the screen', async (path) => {
    const page = await visit(browser, `${agent.url}${path}`, { media: 'print', scheme: 'dark', width: A4 });
    expect(await tooWide(page)).toBe(0);
    const colours = await page.evaluate(
      `['color', 'backgroundColor'].map((name) => getComputedStyle(document.body)[name])`,
    );
    expect(colours).toEqual(['rgb(26, 31, 38)', 'rgb(255, 255, 255)']);
    await page.context().close();
  });

  it('has each row of a table as a card on a phone, with what each cell is', async () => {
    const page = await visit(browser, `${agent.url}/leases`, { width: 360 });
    const wide = await page.evaluate(
      `Math.max(...[...document.querySelectorAll('.scroll')].map((each) => each.scrollWidth - each.clientWidth))`,
    );
    expect(wide, 'nothing is to be scrolled sideways').toBe(0);
    const titles = await page.evaluate(
      `[...document.querySelectorAll('tbody tr:first-child td')].map((cell) => getComputedStyle(cell, '::before').content)`,
    );
    expect(titles).toEqual(['"Product"', '"State"', '"Ends"', '"Last request"', '"Result"', '"Host"']);
    await page.context().close();
  });
});

/** @returns pixels that do not fit on the page */
function tooWide(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** The same request by another machine. */
function renamed(line: string): string {
  const record = z.looseObject({ data: z.array(z.string()) }).parse(JSON.parse(line));
  const fields = (record.data[0] ?? '').split(',').with(2, ODD).with(3, '00000000-0000-4000-8000-000000000001');
  return JSON.stringify({ ...record, record_id: 999_999_999, data: [fields.join(','), ...fields] });
}
