/** `npm run draw`: a picture of each dashboard. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import {
  type Choices,
  type Dashboard,
  filled,
  intervalOf,
  readDashboard,
  secondsAgo,
} from '../../test/history/grafana.ts';
import { PrometheusApi } from '../../test/history/prometheus-api.ts';
import { startBrowser } from '../../test/support/browser.ts';
import type { Answer, Drawing, DrawnPanel } from './page/drawing.ts';
import { startYear } from './year.ts';

const DASHBOARDS = join(import.meta.dirname, '..');
const NAMES = ['estate', 'host', 'leases', 'discovery', 'agent'];
/** Pixels, as a window of Grafana's without its menu. */
const WIDTH = 1600;
/** Points of a panel: one in two pixels at half the width. */
const COLUMN_POINTS = WIDTH / 24 / 1.3;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    prometheus: { type: 'string' },
    choose: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: join(import.meta.dirname, 'out') },
  },
});

/** Of each variable that `--choose host=kms01.corp.example` names; all of the others. */
const choices: Choices = Object.fromEntries(
  values.choose.map((text) => {
    const [name = '', ...chosen] = text.split(/[=,]/);
    return [name, chosen];
  }),
);

const history = values.prometheus === undefined ? await startYear() : undefined;
const browser = await startBrowser();
try {
  await mkdir(values.out, { recursive: true });
  const page = await bundledPage();
  const api = new PrometheusApi(history?.url ?? values.prometheus ?? '');
  for (const name of positionals.length === 0 ? NAMES : positionals) {
    const dashboard = readDashboard(await readFile(join(DASHBOARDS, `kmswatch-${name}.json`), 'utf8'));
    const drawing = await ask(dashboard, api, await lastScrape(api));
    const file = join(values.out, `${name}.png`);
    await picture(browser, page.url, drawing, file);
    process.stdout.write(`${file}\n`);
  }
  await page.remove();
} finally {
  await browser.close();
  await history?.stop();
}

/** The page with all that it needs in one file. */
async function bundledPage(): Promise<{ readonly url: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'kmswatch-preview-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'page/index.tsx')],
    bundle: true,
    outfile: join(folder, 'page.js'),
    format: 'iife',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.ttf': 'dataurl', '.woff2': 'dataurl', '.woff': 'dataurl', '.svg': 'dataurl' },
    logLevel: 'error',
  });
  const html = join(folder, 'page.html');
  const head = '<meta charset="utf-8"><link rel="stylesheet" href="page.css">';
  await writeFile(
    html,
    `<!doctype html><html><head>${head}<style>body { margin: 0; overflow: hidden }</style></head><body><script src="page.js"></script></body></html>`,
  );
  return { url: pathToFileURL(html).href, remove: () => rm(folder, { recursive: true }) };
}

/** Every query of a dashboard, at the time range that it opens with. */
async function ask(dashboard: Dashboard, api: PrometheusApi, to: number): Promise<Drawing> {
  const seconds = secondsAgo(dashboard.time.from);
  const panels: DrawnPanel[] = [];
  for (const panel of dashboard.panels) {
    const answers: Answer[] = [];
    for (const { refId, expr, instant, interval, legendFormat = '', format = 'time_series' } of panel.targets) {
      const step = intervalOf(seconds, panel.gridPos.w * COLUMN_POINTS, interval);
      const query = filled(expr, choices, step);
      // Grafana begins at whole steps, so that a panel does not wobble from one refresh to the next.
      const end = Math.floor(to / step) * step;
      const series = instant
        ? await api.instant(query, to)
        : await api.range(query, { start: Math.floor((to - seconds) / step) * step, end, step });
      answers.push({ refId, legend: legendFormat, format, step, series });
    }
    panels.push({ options: {}, fieldConfig: { defaults: {}, overrides: [] }, transformations: [], ...panel, answers });
  }
  const shown = dashboard.templating.list.map(({ name, label = name, type }): readonly [string, string] => [
    label,
    type === 'datasource' ? 'Prometheus' : (choices[name]?.join(' + ') ?? 'All'),
  ]);
  return { title: dashboard.title, from: (to - seconds) * 1000, to: to * 1000, choices: shown, panels };
}

/** Seconds since the epoch: the present of the pictures, whatever the time is now. */
async function lastScrape(api: PrometheusApi): Promise<number> {
  const [up] = await api.instant('up[7d]', Math.ceil(Date.now() / 1000));
  const last = up?.points.at(-1);
  if (last === undefined) throw new Error('this Prometheus has not scraped anything in the last seven days');
  return Math.ceil(last[0]);
}

async function picture(browser: Browser, url: string, drawing: Drawing, file: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 1000 } });
  const mistakes: string[] = [];
  page.on('pageerror', (error) => mistakes.push(error.message));
  await page.clock.setFixedTime(drawing.to);
  await page.goto(url);
  await page.evaluate((given) => window.draw(given), drawing);
  // Tables are drawn as far as they are in view.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: WIDTH, height });
  await page.waitForTimeout(3000);
  await page.screenshot({ path: file });
  await page.close();
  if (mistakes.length > 0) throw new Error(`${drawing.title}: ${mistakes.join('; ')}`);
}
