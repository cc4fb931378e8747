import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { peerPath } from '../peers/find-peer.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** For one step of the browser: only what hangs takes so long, even on a busy machine. */
const LONGEST_MS = 120_000;
const Findings = z.array(z.string());

export interface VisitOptions {
  readonly scheme?: 'light' | 'dark';
  readonly media?: 'screen' | 'print';
  readonly scripts?: boolean;
  /** Pixels. */
  readonly width?: number;
  /** For scripts and styles that a test itself adds to the page. */
  readonly bypassPolicy?: boolean;
}

/** Debian's browser, without its sandbox, which does not work in a container. It can only reach loopback. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: peerPath('chromium'),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    timeout: LONGEST_MS,
  });
}

/** A page in its own context. */
export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Page> {
  const { scheme = 'light', media = 'screen', scripts = true, width = 1200, bypassPolicy = false } = options;
  const context: BrowserContext = await browser.newContext({
    colorScheme: scheme,
    javaScriptEnabled: scripts,
    bypassCSP: bypassPolicy,
    viewport: { width, height: 900 },
  });
  context.setDefaultTimeout(LONGEST_MS);
  const page = await context.newPage();
  await page.emulateMedia({ media });
  await page.goto(url);
  return page;
}

/** The violations that axe-core finds, of these rules if any are named: the rule, and the first HTML that breaks it. */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(await readFile(AXE, 'utf8'));
  // Otherwise it describes all that passes as well, which takes most of its time.
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
  return Findings.parse(
    await page.evaluate(
      `axe.run(document, ${options}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)))`,
    ),
  );
}
