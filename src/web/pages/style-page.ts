/** Type, colours and layout of all pages. Colours have a meaning and are few; every one reads on its ground (WCAG AA). */
export const PAGE_STYLE = `
:root { color-scheme: light dark;
  --ground: #f7f8f9; --paper: #fff; --ink: #1a1f26; --quiet: #56606b; --line: #e1e5ea; --link: #0b57d0; --fill: #eceff3;
  --ok: #17692f; --ok-ground: #e6f4ea; --warn: #7a4f00; --warn-ground: #fff3d6; --warn-fill: #dd9a1a; --bad: #a3201a; --bad-ground: #fdeae8; --bad-fill: #d4443b; --ok-fill: #3f9f5d; --calm-fill: #8fb3e8 }
@media screen and (prefers-color-scheme: dark) { :root {
  --ground: #0e1217; --paper: #161b22; --ink: #e4e8ed; --quiet: #9ba6b2; --line: #2a323c; --link: #8ab4f8; --fill: #222a34;
  --ok: #63d08a; --ok-ground: #10291a; --warn: #f0bd53; --warn-ground: #2d230c; --warn-fill: #d89b28; --bad: #ff9c93; --bad-ground: #371917; --bad-fill: #e2685f; --ok-fill: #3f9f5d; --calm-fill: #47699c } }
*, ::before, ::after { box-sizing: border-box }
html { font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--ground); color: var(--ink); font-variant-numeric: tabular-nums }
.wide { max-width: 78rem; margin-inline: auto; padding-inline: 1.25rem }
a { color: var(--link); text-underline-offset: .15em }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px }
.skip { position: absolute; left: -99rem } .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .25rem .75rem; z-index: 1 }
.top { background: var(--paper); border-bottom: 1px solid var(--line) }
.top .wide { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.5rem; min-height: 3.5rem; padding-block: .5rem }
.brand { display: inline-flex; gap: .5rem; align-items: center; font-weight: 650; color: inherit; text-decoration: none; letter-spacing: -.01em }
.brand svg { fill: none; stroke: var(--link); stroke-width: 2; stroke-linecap: round }
.top nav { display: flex; flex-wrap: wrap; gap: 0 1.25rem } .top nav a { color: var(--quiet); text-decoration: none; padding: .25rem 0 } .top nav a:hover { color: var(--ink) }
.top nav a[aria-current] { color: var(--ink); font-weight: 600; box-shadow: 0 2px var(--link) }
.jumps, .up { display: none } .find { margin-left: auto } .find label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
input, select, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: 6px; padding: .35rem .6rem; min-height: 2.25rem; max-width: 100% }
::placeholder { color: var(--quiet); opacity: 1 }
button { cursor: pointer; background: var(--link); border-color: var(--link); color: var(--paper); font-weight: 600; padding-inline: 1rem }
main { padding-block: 2rem 1rem } h1 { font-size: 1.75rem; line-height: 1.25; letter-spacing: -.02em; margin: 0 0 .25rem; font-weight: 650; overflow-wrap: anywhere }
h2 { font-size: 1.15rem; letter-spacing: -.01em; margin: 0 0 .75rem; font-weight: 650 } h3 { font-size: 1rem; margin: 0 0 .25rem; font-weight: 600; overflow-wrap: anywhere }
p { margin: 0 0 .75rem; max-width: 46rem; overflow-wrap: anywhere } .quiet, figcaption { color: var(--quiet) } .small { font-size: .87rem }
section { margin: 2.25rem 0 0 } figure { margin: 0 } code, kbd { font: .9em ui-monospace, "SF Mono", Consolas, "Liberation Mono", monospace; background: var(--fill); border-radius: 4px; padding: .1em .3em; overflow-wrap: anywhere }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem; margin: 0 0 .75rem }
.hero { display: flex; gap: 1rem; align-items: center; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 1.35rem 1.5rem }
.hero p { margin: 0; color: var(--quiet) } .hero svg { flex: none; width: 2.75rem; height: 2.75rem }
.hero.ok { background: var(--ok-ground) } .hero.warn { background: var(--warn-ground) } .hero.bad { background: var(--bad-ground) }
.hero.ok h1 { color: var(--ok) } .hero.warn h1 { color: var(--warn) } .hero.bad h1 { color: var(--bad) } .hero p, .hero .quiet { color: var(--ink) }
.mark { fill: none; stroke: currentColor; stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round } .ok .mark { color: var(--ok) } .warn .mark { color: var(--warn) } .bad .mark { color: var(--bad) }
.lead { font-size: 1.1rem; margin-top: .5rem } .open { list-style: none; margin: 0; padding: 0; max-width: none } .open > li { background: var(--paper); border: 1px solid var(--line); border-left: 4px solid var(--warn-fill); border-radius: 8px; padding: .8rem 1.1rem; margin: 0 0 .6rem }
.open > li.critical { border-left-color: var(--bad-fill) } .open > li.pending { border-left-style: dashed } .open h2 { font-size: 1rem; margin: 0 } .open p { margin: .15rem 0 0; max-width: none } .open .meta { font-size: .87rem; color: var(--quiet) } .open details { margin-top: .35rem } .open details ul { margin: .3rem 0 0; padding-left: 1.2rem; max-width: none }
@media (min-width: 62rem) { .open > .with-meta { display: grid; grid-template-columns: minmax(0, 1fr) 21rem; gap: 0 2rem } .with-meta .meta { grid-area: 1 / 2 / 3 / 3; text-align: right; margin-top: .1rem } }
.badge { display: inline-block; font-size: .8rem; font-weight: 600; line-height: 1.3; padding: .12em .6em; border-radius: 99px; white-space: nowrap; background: var(--fill); color: var(--ink) }
.badge.ok { background: var(--ok-ground); color: var(--ok) } .badge.warn { background: var(--warn-ground); color: var(--warn) } .badge.bad { background: var(--bad-ground); color: var(--bad) }
.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 10px }
table { border-collapse: collapse; width: 100%; font-size: .93rem } th, td { text-align: left; padding: .5rem .9rem; vertical-align: top; border-bottom: 1px solid var(--line) }
tbody tr:last-child > * { border-bottom: 0 } thead th { font-size: .82rem; font-weight: 600; color: var(--quiet); white-space: nowrap } thead a { color: inherit } tbody th { font-weight: 500; overflow-wrap: anywhere; min-width: 14rem } .hero p { max-width: none } time { white-space: nowrap } .meta .since { display: block } td time, .n, .stamp { white-space: nowrap } .scroll + h3, .scroll + p, .scroll + figure { margin-top: 1.5rem } h3.domain:not(:first-of-type) { margin-top: 1.5rem } h3.domain { margin-bottom: .5rem } figcaption { margin-bottom: .4rem } .chart + figcaption { margin: .6rem 0 0 } figure.chart { margin-bottom: .6rem } .n { text-align: right }
tbody tr:hover { background: var(--ground) } .sub { display: block; font-size: .85rem; color: var(--quiet); font-weight: 400 }
.filters { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; margin: 1rem 0 1.25rem } .filters label { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 100%; gap: .15rem; font-size: .85rem; color: var(--quiet) } .filters label > * { color: var(--ink); font-size: 1rem; height: 2.4rem }
.filters .wider { flex: 1 1 14rem } .filters .wider input { width: 100% } .over { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.5rem; margin: 0 0 .5rem } .over p { margin: 0 } .after { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin: 1rem 0 } .error { color: var(--bad); font-weight: 600 }
.stale { background: var(--warn-ground); color: var(--warn); border-radius: 8px; padding: .5rem 1rem } ol, ul { padding-left: 1.4rem; max-width: 46rem } li { margin: 0 0 .35rem; overflow-wrap: anywhere }
details > summary { cursor: pointer; color: var(--link); padding: .35rem 0 } footer { margin-top: 2.5rem; padding-block: 1rem 2rem; font-size: .87rem; color: var(--quiet) } footer p { max-width: none } footer a { margin-left: .75rem; white-space: nowrap }
@media screen and (max-width: 40rem) { .jumps { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: -1rem 0 1rem; font-size: .87rem } .jumps a { padding: .2rem 0 } .up { display: inline } }
@media (max-width: 40rem) { html { font-size: 16px } .wide { padding-inline: 1rem } .find { margin-left: 0; flex: 1 1 100% } .find input { width: 100% } h1 { font-size: 1.4rem } .hero { padding: 1rem } footer a { margin: 0 .75rem 0 0 }
.filters { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem .75rem } .filters .wider, .filters button { grid-column: 1 / -1 } .filters select { width: 100% } }
@media screen and (max-width: 40rem) { .scroll { overflow: visible } pre { white-space: pre-wrap } thead { display: none } table, tbody, tbody th, td { display: block } tbody tr { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .4rem .9rem; padding: .7rem .9rem; border-bottom: 1px solid var(--line) } tbody tr:last-child { border-bottom: 0 }
tbody th, td { padding: 0; border: 0; overflow-wrap: anywhere } tbody th { grid-column: 1 / -1; min-width: 0; font-weight: 600 } td.n { text-align: left } td[data-label]::before { content: attr(data-label); display: block; font-size: .8rem; color: var(--quiet) } .bar { min-width: 0 } }
@media print { @page { margin: 12mm } :root { color-scheme: light; --ground: #fff } html { font-size: 12px } body { background: #fff } .wide { max-width: none; padding-inline: 0 } .top nav, .find, .after, .over a, .skip, .filters button, .filters a, footer a { display: none } .scroll { overflow: visible; border: 0 } pre { white-space: pre-wrap } h2, h3 { break-after: avoid } .open > li, .card, .chart, .hero, tr { break-inside: avoid } a { color: inherit; text-decoration: none }
table { font-size: .85rem } th, td { padding: .25rem .4rem; overflow-wrap: anywhere } tbody th { min-width: 9rem } .stamp, thead th, thead .n { white-space: normal } thead th { overflow-wrap: normal } .bar { min-width: 5rem } .filters { gap: .25rem 1rem } .filters input, .filters select { border: 0; padding: 0; min-height: 0; height: auto; appearance: none; background: none } .filters ::placeholder { color: transparent } }
@media (prefers-reduced-motion: no-preference) { tbody tr { transition: background .1s } }
`;
