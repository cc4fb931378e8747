import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPeers } from '../peers/peer.ts';
import type { RunningAgent } from '../support/agent.ts';
import { ODD, startAgentWithMachines } from '../support/agent-with-machines.ts';
import { axeFindings, startBrowser, visit } from '../support/browser.ts';

/** Pixels between its margins. */
const A4 = 700;
/** All that a scheme of colours can change. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

describeWithPeers('the pages on every screen and on paper', ['chromium'], () => {
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

  const PATHS = [
    '/',
    '/leases',
    '/leases?client=nobody-has-this',
    `/leases?client=${encodeURIComponent('שששש')}`,
    '/clients/br-0003',
    `/clients/${encodeURIComponent(ODD)}`,
    '/clients/nobody',
    '/machines',
    '/machines?verdict=renewing',
    '/keys?product=LTSC',
    '/clones',
    '/forecast',
    '/report',
    '/runbooks',
    '/runbooks/KmsHostDown',
  ];
  /** Pixels: a phone, a tablet, a desk. */
  const SCREENS = [390, 768, 1300] as const;
  const SMALLEST = 360;

  it.each(PATHS)('axe finds nothing at %s, on any screen, light or dark', async (path) => {
    const page = await visit(browser, `${agent.url}${path}`, { bypassPolicy: true });
    for (const width of SCREENS) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await axeFindings(page), `${width} light`).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await axeFindings(page, COLOUR_RULES), `${width} dark`).toEqual([]);
      expect(await tooWide(page), `nothing is wider than the screen of ${width}`).toBe(0);
    }
    await page.setViewportSize({ width: SMALLEST, height: 900 });
    expect(await tooWide(page), `nothing is wider than the screen of ${SMALLEST}`).toBe(0);
    await page.context().close();
  });

  it.each(PATHS)('%s has room on A4, in black on white, whatever the colours of the screen', async (path) => {
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
