/**
 * The pictures in `docs/images` of pages and of `kmswatch check`, from a running demo: `npm run demo`, and once its
 * history is in, `npx node build/pictures.ts http://127.0.0.1:11688`. Look at them before you commit them.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { parse, stringify } from 'yaml';
import { escapeXml } from '../src/winrm/escape.ts';
import { startBrowser, visit } from '../test/support/browser.ts';
import { onTerminal } from '../test/support/on-terminal.ts';

const IMAGES = join(import.meta.dirname, '../docs/images');
const WIDTH = 1160;
const SCREEN =
  'display: inline-block; font: 15px/1.75 monospace; background: #1e2127; color: #d7dae0; margin: 0; padding: 24px';
/** Those of `util.styleText` that commands use. */
const STYLES: Readonly<Record<string, string>> = {
  1: 'font-weight: bold; color: #fff',
  2: 'color: #8b8f98',
  31: 'color: #ef6b64',
  32: 'color: #6fc276',
  33: 'color: #e5b454',
};

const base = process.argv[2] ?? 'http://127.0.0.1:11688';
const browser = await startBrowser();
await pages(browser);
await check(browser);
await browser.close();

async function pages(browser: Browser): Promise<void> {
  const failing = await fetch(`${base}/api/v1/leases?state=renewal_failing&class=client&limit=1`);
  const { leases } = (await failing.json()) as { leases: { client: string }[] };
  for (const [name, path, height, scheme] of [
    ['status-page', '/', 900, 'light'],
    ['leases-page', '/leases?state=expiring&class=client&within=30d', 700, 'light'],
    ['client-page', `/clients/${leases[0]?.client}`, 960, 'dark'],
  ] as const) {
    const page = await visit(browser, `${base}${path}`, { width: WIDTH, scheme });
    await page.setViewportSize({ width: WIDTH, height });
    await page.screenshot({ path: join(IMAGES, `${name}.png`) });
  }
}

/** Asks the demo's name server and hosts as a person would, on a terminal. */
async function check(browser: Browser): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kmswatch-pictures-'));
  const file = join(folder, 'demo.yml');
  // Without the hosts, whose passwords are not shown there.
  const { discovery } = parse(await (await fetch(`${base}/config`)).text());
  await writeFile(file, stringify({ discovery }));
  const { screen } = await onTerminal(['check', '--config', file], '', { ...process.env, TERM: 'xterm-256color' });
  await rm(folder, { recursive: true });
  const lines = screen.replaceAll('\r', '').trimEnd();
  const page = await visit(browser, 'about:blank', { width: 1400 });
  await page.setContent(`<pre style="${SCREEN}">${coloured(`$ kmswatch check --config demo.yml\n\n${lines}`)}</pre>`);
  await page.locator('pre').screenshot({ path: join(IMAGES, 'check.png') });
}

/** As HTML; what ends a style ends all of them. */
function coloured(text: string): string {
  const [first = '', ...rest] = text.split('\u001b[');
  const spans = rest.map((part) => {
    const [, code = '', shown = ''] = /^(\d+)m(.*)$/s.exec(part) ?? [];
    return `<span style="${STYLES[code] ?? ''}">${escapeXml(shown)}</span>`;
  });
  return escapeXml(first) + spans.join('');
}
