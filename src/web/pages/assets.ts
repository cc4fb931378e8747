import { createHash } from 'node:crypto';
import { SCRIPT_TEXT } from './script.ts';
import { CHART_STYLE } from './style-charts.ts';
import { PAGE_STYLE } from './style-page.ts';

/** A file that pages load, under a name that changes with its content. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

const ICON_TEXT =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22"><rect width="22" height="22" rx="5" fill="#0b57d0"/><circle cx="11" cy="11" r="6.5" fill="none" stroke="#fff" stroke-width="2"/><path d="M11 7v4.4l2.8 1.6" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>';

export const STYLE = asset('style', 'css', 'text/css; charset=utf-8', PAGE_STYLE + CHART_STYLE);
export const SCRIPT = asset('script', 'js', 'text/javascript; charset=utf-8', SCRIPT_TEXT);
export const ICON = asset('icon', 'svg', 'image/svg+xml', ICON_TEXT);

export const ASSETS: readonly Asset[] = [STYLE, SCRIPT, ICON];

function asset(name: string, ending: string, type: string, text: string): Asset {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { path: `/assets/${name}-${hash}.${ending}`, type, text };
}
