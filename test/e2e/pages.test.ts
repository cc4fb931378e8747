import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { describeWithPeers } from '../peers/peer.ts';
import type { RunningAgent } from '../support/agent.ts';
import { ODD, startAgentWithMachines } from '../support/agent-with-machines.ts';
import { startBrowser, visit } from '../support/browser.ts';

const HOSTILE = '<script>alert(1)</script>';
const Leases = z.object({
  leases: z.array(z.looseObject({ client: z.string(), state: z.string() })),
  next_cursor: z.string().nullable(),
});
const Conditions = z.object({
  conditions: z.array(
    z.looseObject({
      name: z.string(),
      summary: z.string(),
      firing: z.boolean(),
      explained_by: z.looseObject({ name: z.string() }).nullable(),
    }),
  ),
});
const Forecast = z.object({ hosts: z.array(z.looseObject({ ends: z.array(z.int()) })) });

describeWithPeers('the pages in a browser', ['chromium'], () => {
  let agent: RunningAgent;
  let browser: Browser;

  beforeAll(async () => {
    agent = await startAgentWithMachines();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await agent?.stop();
  });

  const api = async (path: string): Promise<unknown> => (await fetch(`${agent.url}${path}`)).json();
  const textOf = async (page: Page, selector: string): Promise<string> =>
    (await page.locator(selector).innerText()).trim();

  it.each([true, false])(
    'finds a machine and says nothing of it from a part of its log, scripts %s',
    async (scripts) => {
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
        /^Still reading: the log of kms01\.branch\.example, .* Until it is read, nothing can be said of br-0003\S*\.$/,
      );
      expect(await page.getByRole('listitem').filter({ hasText: 'Ask again once the log is read.' }).count()).toBe(1);
      expect(await page.getByRole('img', { name: /requests? known/ }).count()).toBe(0);
      await page.context().close();
    },
  );

  /** Conditions that the page does not tell, and firing ones that are not where they belong: only causes are at the top. */
  async function differencesFrom(page: Page): Promise<readonly string[]> {
    const { conditions } = Conditions.parse(await api('/api/v1/conditions'));
    await page.reload();
    const causes = new Set(await page.locator('.open h3').allInnerTexts());
    const told = (await page.locator('.open').textContent()) ?? '';
    if (conditions.length === 0) return ['nothing is open'];
    return conditions
      .filter(({ summary, firing, explained_by: cause }) => {
        const isInPlace = !firing || causes.has(summary) === (cause === null);
        return !isInPlace || !told.includes(summary);
      })
      .map(({ summary }) => summary);
  }

  it.each([true, false])('shows the numbers that the API gives, scripts %s', async (scripts) => {
    const page = await visit(browser, agent.url, { scripts });
    // What the page and the API say of the same moment: what is open may change between them.
    await expect.poll(async () => await differencesFrom(page)).toEqual([]);
    const { hosts } = Forecast.parse(await api('/api/v1/forecast?days=180'));
    const ends = hosts.flatMap((host) => host.ends).reduce((sum, leases) => sum + leases, 0);
    expect(ends).toBeGreaterThan(100);
    expect(await textOf(page, 'section[aria-labelledby=calendar] figcaption')).toContain(`, ${ends} within 180 days.`);
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
        const link = page.getByRole('link', { name: to });
        const next = new URL((await link.getAttribute('href')) ?? '', page.url());
        await link.click();
        await page.waitForURL(next.href);
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

  it('renews what is on the status page, and nothing breaks its policy', async () => {
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
});
