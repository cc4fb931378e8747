import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { DAY_S, seconds } from '../../src/kernel/time.ts';
import { html } from '../../src/web/html.ts';
import { clientMain } from '../../src/web/pages/client/client-page.ts';
import { page, wholeDocument } from '../../src/web/pages/layout.ts';
import { calendarPart } from '../../src/web/pages/status/calendar.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { startBrowser, visit } from '../support/browser.ts';
import { left, NOW, SETTINGS, story } from '../support/stories.ts';

/** Pixels. */
const PHONE = 390;
const DESK = 1300;
const SMALLEST_TEXT = 11;

const Texts = z.array(z.object({ text: z.string(), left: z.number(), right: z.number(), height: z.number() }));

describeWithPeers('charts and long pages on a phone', ['chromium'], () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  /** What is written in the charts of a page, and where one sees it. */
  async function textsOf(content: string, width: number) {
    const tab = await visit(browser, 'about:blank', { width });
    await tab.setContent(content);
    const texts = await tab.evaluate(
      `[...document.querySelectorAll('.chart text')].map((each) => [each, each.getBoundingClientRect()])
        .filter(([, { width }]) => width > 0)
        .map(([each, { left, right, height }]) => ({ text: each.textContent, left, right, height }))`,
    );
    await tab.context().close();
    return Texts.parse(texts);
  }

  const weeks = Array.from({ length: 20 }, (_, week) => ({ ago: (20 - week) * 7 * DAY_S, minutes: left(100 * DAY_S) }));
  const client = clientMain({
    ...{ story: story({ made: weeks }), settings: SETTINGS, domains: [], now: seconds(NOW) },
  });
  const overview = { asOf: seconds(NOW), ends: new Array<number>(181).fill(2_000), products: [] };
  const calendar = calendarPart({ overview, leaseSettings: SETTINGS });

  it.each([
    ['a timeline', wholeDocument('x', client).text, 3],
    ['the calendar', wholeDocument('x', calendar).text, 5],
  ])('%s has its dates and now in sight, in letters that can be read', async (_what, content, least) => {
    for (const width of [PHONE, DESK]) {
      const texts = await textsOf(content, width);
      expect(texts.length).toBeGreaterThanOrEqual(least);
      expect(texts.filter(({ left, right }) => left < 0 || right > width)).toEqual([]);
      expect(texts.filter(({ height }) => height < SMALLEST_TEXT)).toEqual([]);
    }
    const dates = (await textsOf(content, PHONE)).filter(({ text }) => /^\d{4}-/.test(text));
    for (const [index, { left }] of dates.entries()) expect(left).toBeGreaterThan(dates[index - 1]?.right ?? 0);
  });

  it('a page of many parts can be jumped through on a phone, and is as it was on a desk', async () => {
    const main = html`${['hosts', 'leases', 'dns'].map((id) => html`<section aria-labelledby="${id}"><h2 id="${id}">The ${id}</h2></section>`)}`;
    const { text } = page({ title: 'x', at: 'status', main, version: '0' });
    const tab = await visit(browser, 'about:blank', { width: PHONE });
    await tab.setContent(text);
    // Its style comes from the agent.
    await tab.addStyleTag({ content: /<style>(.*?)<\/style>/s.exec(wholeDocument('x', html``).text)?.[1] ?? '' });
    const jumps = tab.getByRole('navigation', { name: 'On this page' });
    expect(await jumps.getByRole('link').allInnerTexts()).toEqual(['The hosts', 'The leases', 'The dns']);
    expect(await jumps.getByRole('link', { name: 'The dns' }).getAttribute('href')).toBe('#dns');
    expect(await tab.getByRole('link', { name: 'To the top' }).isVisible()).toBe(true);
    await tab.setViewportSize({ width: DESK, height: 900 });
    expect(await jumps.isVisible()).toBe(false);
    await tab.context().close();
  });
});
