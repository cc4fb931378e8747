/**
 * The pictures of pages in `docs/images`, from a running demo: `npm run demo`, and once its history is in,
 * `npx node build/pictures.ts http://127.0.0.1:11688`. Look at them before you commit them.
 */
import { join } from 'node:path';
import { startBrowser, visit } from '../test/support/browser.ts';

const IMAGES = join(import.meta.dirname, '../docs/images');
const WIDTH = 1160;

const base = process.argv[2] ?? 'http://127.0.0.1:11688';
const failing = await fetch(`${base}/api/v1/leases?state=renewal_failing&class=client&limit=1`);
const { leases } = (await failing.json()) as { leases: { client: string }[] };

const browser = await startBrowser();
for (const [name, path, height, scheme] of [
  ['status-page', '/', 900, 'light'],
  ['leases-page', '/leases?state=expiring&class=client&within=30d', 700, 'light'],
  ['client-page', `/clients/${leases[0]?.client}`, 960, 'dark'],
] as const) {
  const page = await visit(browser, `${base}${path}`, { width: WIDTH, scheme });
  await page.setViewportSize({ width: WIDTH, height });
  await page.screenshot({ path: join(IMAGES, `${name}.png`) });
}
await browser.close();
