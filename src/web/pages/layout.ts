import { Html, html } from '../html.ts';
import { ICON, SCRIPT, STYLE } from './assets.ts';
import { NOTHING } from './words.ts';

export interface PageParts {
  /** Without the name of the program. */
  readonly title: string;
  /** Which entry of the navigation this page is. */
  readonly at: 'status' | 'machines' | 'leases' | 'keys' | 'clones' | 'forecast' | 'report' | 'runbooks' | undefined;
  readonly main: Html;
  /** Refreshed in place while it is open. */
  readonly live?: boolean;
  /** The reader may see none of the pages that the navigation leads to. */
  readonly isAlone?: boolean;
  readonly version: string;
}

const ENTRIES = [
  ['status', '/', 'Status'],
  ['machines', '/machines', 'Machines'],
  ['leases', '/leases', 'Leases'],
  ['keys', '/keys', 'Host keys'],
  ['clones', '/clones', 'Clones'],
  ['forecast', '/forecast', 'Forecast'],
  ['report', '/report', 'Report'],
  ['runbooks', '/runbooks', 'Runbooks'],
] as const;

/** A whole page: complete without scripts, and without anything from elsewhere. */
export function page({ title, at, main, live = false, isAlone = false, version }: PageParts): Html {
  return html`${beginning(title)}
<link rel="icon" href="${ICON.path}" type="image/svg+xml">
<link rel="stylesheet" href="${STYLE.path}">
${live ? html`<script src="${SCRIPT.path}" defer></script>` : NOTHING}
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top"><div class="wide">
<a class="brand" href="${isAlone ? '/runbooks' : '/'}"><svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true"><circle class="brand-ring" cx="11" cy="11" r="8.5"/><path class="brand-hand" d="M11 6v5.4l3.4 2"/></svg>kmswatch</a>
${isAlone ? NOTHING : navigation(at)}
</div></header>
<main id="main" class="wide"${live ? html` data-live="30"` : NOTHING}>
${jumps(main)}${main}
</main>
<footer class="wide"><p><a class="up" href="#main">To the top</a> kmswatch ${version} watches KMS hosts and never sends them an activation request. <a href="/metrics">Metrics</a> <a href="/api/v1/conditions">Conditions as JSON</a> <a href="/config">Configuration</a></p></footer>
</body>
</html>
`;
}

/** A page as a single file, with its style in it. */
export function wholeDocument(title: string, main: Html): Html {
  return html`${beginning(title)}
<style>${new Html(STYLE.text)}</style>
</head>
<body>
<main id="main" class="wide">
${main}
</main>
</body>
</html>
`;
}

function beginning(title: string): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · kmswatch</title>`;
}

/** On a phone a page is many screens long. */
function jumps({ text }: Html): Html {
  const parts = [...text.matchAll(/<h2 id="([a-z]+)">([^<&]+)<\/h2>/g)];
  if (parts.length < 3) return NOTHING;
  return html`<nav class="jumps" aria-label="On this page">${parts.map(([, id = '', title = '']) => html`<a href="#${id}">${title}</a> `)}</nav>
`;
}

function navigation(at: PageParts['at']): Html {
  return html`<nav aria-label="Pages">${ENTRIES.map(([key, path, text]) => (key === at ? html`<a href="${path}" aria-current="page">${text}</a>` : html`<a href="${path}">${text}</a>`))}</nav>
<form class="find" action="/leases" method="get" role="search" aria-label="Machines"><label for="find">Find a machine</label><input id="find" name="client" type="search" maxlength="253" placeholder="Find a machine" autocomplete="off" spellcheck="false"></form>`;
}
