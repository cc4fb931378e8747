/** Charts: SVG whose colours follow those of the page. */
export const CHART_STYLE = `
.bar { display: block; width: 100%; min-width: 8rem; height: .8rem; margin-top: .3rem } .bar .track { fill: var(--fill) } .bar .need { stroke: var(--ink); stroke-width: 1.5; vector-effect: non-scaling-stroke } .bar .said { fill: none; stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 2 2; vector-effect: non-scaling-stroke }
.f-ok { fill: var(--ok-fill) } .f-warn { fill: var(--warn-fill) } .f-bad { fill: var(--bad-fill) } .f-calm { fill: var(--calm-fill) }
.chart { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem } .chart svg { display: block; width: 100%; height: auto } .chart text { fill: var(--quiet); font-size: 11px } .chart .grid { stroke: var(--line) } .chart .axis { stroke: var(--quiet) } .chart .now { stroke: var(--ink); stroke-dasharray: 3 3 } .chart .lane { fill: var(--fill) } .chart .name { fill: var(--ink); font-size: 12px }
.chart-scroll { overflow-x: auto } .chart-scroll svg { min-width: 34rem }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: .6rem 0 0; font-size: .87rem; color: var(--quiet); max-width: none } .key li { margin: 0; display: inline-flex; align-items: center; gap: .4rem } .key svg { width: .8rem; height: .8rem; flex: none }
@media print { .chart-scroll svg { min-width: 0 } .badge, .f-ok, .f-warn, .f-bad, .f-calm, .track { print-color-adjust: exact } }
`;
