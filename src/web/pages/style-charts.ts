/** Charts: SVG whose colours follow those of the page. */
export const CHART_STYLE = `
.bar { display: block; width: 100%; min-width: 8rem; height: .8rem; margin-top: .3rem } .bar .track { fill: var(--fill) } .bar .need { stroke: var(--ink); stroke-width: 1.5; vector-effect: non-scaling-stroke } .bar .said { fill: none; stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 2 2; vector-effect: non-scaling-stroke }
.f-ok { fill: var(--ok-fill) } .f-warn { fill: var(--warn-fill) } .f-bad { fill: var(--bad-fill) } .f-calm { fill: var(--calm-fill) }
.chart { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem } .chart .line { display: block; width: 100%; height: 60px; overflow: visible } .plot { display: flex } .plot svg { flex: none } .plot [role] { flex: 1; min-width: 0; overflow: visible } .chart text { fill: var(--quiet); font-size: 12px } .chart .grid { stroke: var(--line) } .chart .axis { stroke: var(--quiet) } .chart .now { stroke: var(--ink); stroke-dasharray: 3 3 } .chart .lane { fill: var(--fill) } .chart .name { fill: var(--ink); font-size: 12px }
@media screen and (max-width: 40rem) { .chart .minor { display: none } }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: .6rem 0 0; font-size: .87rem; color: var(--quiet); max-width: none } .key li { margin: 0; display: inline-flex; align-items: center; gap: .4rem } .key svg { width: .8rem; height: .8rem; flex: none }
@media print { .badge, .f-ok, .f-warn, .f-bad, .f-calm, .track { print-color-adjust: exact } }
`;
