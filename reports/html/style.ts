/**
 * The style sheet of the page. It holds neither `<` nor `&`, so that it is the same text to an HTML and to an XML
 * parser; colours are pairs of light and dark.
 */
export const css = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf7, #151513);
  --raised: light-dark(#ffffff, #1d1d1a);
  --ink: light-dark(#1c1c1a, #eceae4);
  --quiet: light-dark(#63615b, #a6a39a);
  --rule: light-dark(#dfdcd3, #34332f);
  --held: light-dark(#1a6b47, #74cf9f);
  --breached: light-dark(#b3261e, #ff8f85);
  --inconclusive: light-dark(#875400, #eeb64a);
  --exposed: light-dark(#3d5794, #9fb7f0);
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Liberation Mono", monospace;
}
* { box-sizing: border-box; }
html { background: var(--paper); scroll-padding-top: 3rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 68rem; padding: 0 1.5rem 4rem; color: var(--ink); font: 1rem/1.55 var(--sans); overflow-wrap: break-word; }
h1, h2, h3, h4, h5, p, dl, dd, ul, figure, pre { margin: 0; }
h1, h2 { font-family: var(--serif); font-weight: 600; line-height: 1.15; text-wrap: balance; }
h2 { font-size: 1.6rem; margin-bottom: .6rem; }
h3 { font: 600 .8rem/1.4 var(--sans); letter-spacing: .07em; text-transform: uppercase; color: var(--quiet); margin: 2rem 0 .4rem; }
main > section { margin-top: 3.5rem; }
ul { padding: 0; list-style: none; }
a { color: inherit; text-decoration-color: var(--quiet); text-underline-offset: .2em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--exposed); outline-offset: 2px; border-radius: 2px; }
code, pre { font-family: var(--mono); font-size: .86em; }
code, pre, dd, td, .reason, .accepted, .deviation, .places span { unicode-bidi: isolate; }
.quiet, caption { color: var(--quiet); font-size: .875rem; }
.lead { max-width: 50rem; margin-bottom: 1rem; color: var(--quiet); text-wrap: pretty; }
#contrast + .lead { color: var(--ink); }
.spoken, .drawings { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: .4rem .8rem; background: var(--ink); color: var(--paper); }
.skip:focus { top: .5rem; }

/* Marks: filled where something happened that has to be seen at once, open where a boundary is not there. */
.mark { width: 1em; height: 1em; flex: none; vertical-align: -.13em; overflow: visible; color: var(--quiet); }
.solid { fill: currentColor; }
.cut { fill: none; stroke: var(--cut, var(--paper)); stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; }
.line { fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; }
.line.thin { stroke-width: 1.6; }
.mark.held { color: var(--held); }
.mark.breached { color: var(--breached); }
.mark.inconclusive { color: var(--inconclusive); }
.mark.exposed { color: var(--exposed); }
.badge { display: inline-flex; gap: .4em; align-items: baseline; white-space: nowrap; }
.badge .mark { align-self: center; }
.badge.held { color: var(--held); }
.badge.breached { color: var(--breached); font-weight: 650; }
.badge.inconclusive { color: var(--inconclusive); font-weight: 600; }
.badge.exposed { color: var(--exposed); }
.badge.not-applicable { color: var(--quiet); }

header { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; padding: 1.4rem 0 1rem; border-bottom: 1px solid var(--rule); color: var(--quiet); font-size: .875rem; }
.wordmark { font: 600 1.15rem var(--serif); color: var(--ink); letter-spacing: .01em; }
main > section.verdict { margin-top: 1.6rem; }
.facts { display: flex; flex-wrap: wrap; gap: .1rem 1.4rem; color: var(--quiet); font-size: .9rem; }
.verdict h1 { display: flex; gap: .32em; align-items: center; font-size: clamp(2.4rem, 7vw, 3.6rem); margin: .5rem 0 .2rem; letter-spacing: -.012em; }
.verdict h1 .mark { width: .72em; height: .72em; }
.because { font: 1.2rem/1.45 var(--serif); max-width: 46rem; text-wrap: pretty; }
.tally { margin: 1.3rem 0 .8rem; }
.bar { display: block; width: 100%; height: .55rem; border-radius: 3px; overflow: hidden; background: var(--rule); }
.bar .held { fill: var(--held); }
.bar .breached { fill: var(--breached); }
.bar .inconclusive { fill: var(--inconclusive); }
.bar .exposed { fill: var(--exposed); }
.bar .not-applicable { fill: var(--quiet); opacity: .5; }
.tally dl { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin-top: .7rem; }
.tally dl > div { display: flex; flex-direction: row-reverse; gap: .5rem; align-items: baseline; }
.tally dt { display: flex; gap: .35em; align-items: center; font-size: .9rem; color: var(--quiet); }
.tally dd { font: 600 1.35rem var(--serif); font-variant-numeric: lining-nums tabular-nums; }
.tally .none { opacity: .75; }

table { border-collapse: collapse; width: 100%; text-align: left; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .3rem; }
th, td { padding: .45rem .8rem .45rem 0; vertical-align: baseline; border-bottom: 1px solid var(--rule); font-weight: 400; }
thead th { font-size: .8rem; color: var(--quiet); vertical-align: bottom; }
.plain { margin-top: 1.4rem; font-size: .92rem; }
.plain caption { font-weight: 600; color: var(--ink); }
.plain tbody th { font-weight: 600; min-width: 7rem; }
.plain code { overflow-wrap: anywhere; }

.attention, .deviations { display: grid; gap: .9rem; }
.attention > li, .deviations > li { padding-left: 1rem; border-left: 3px solid var(--rule); }
.attention > .breached, .deviations > .breached { border-color: var(--breached); }
.attention > .inconclusive, .deviations > .inconclusive { border-color: var(--inconclusive); }
.attention a { font-weight: 600; }
.more { margin-top: .9rem; }
.attention p, .deviations p { max-width: 50rem; overflow-wrap: anywhere; }

.contrast th[scope="row"] { padding-right: 1.4rem; }
.contrast .name { display: block; font: 600 1.1rem/1.3 var(--serif); }
.contrast .quiet { display: block; font-size: .8rem; }
.contrast td { vertical-align: middle; }
.tiles { display: flex; flex-wrap: wrap; gap: 3px; max-width: calc(8 * (1.15rem + 3px)); }
.tile { display: inline-flex; align-items: center; justify-content: center; width: 1.15rem; height: 1.15rem; border-radius: 3px; }
.tile .mark { width: .72rem; height: .72rem; }
.tile.held { background: color-mix(in srgb, var(--held) 20%, var(--paper)); }
.tile.breached { background: var(--breached); --cut: var(--breached); }
.tile.breached .mark { color: var(--paper); }
.tile.inconclusive { background: color-mix(in srgb, var(--inconclusive) 18%, var(--paper)); }
.tile.exposed, .tile.not-applicable { box-shadow: inset 0 0 0 1px color-mix(in srgb, var(--exposed) 55%, var(--paper)); }
.tile.not-applicable { box-shadow: inset 0 0 0 1px var(--rule); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.6rem; margin-top: .8rem; font-size: .875rem; color: var(--quiet); }
.legend .mark { margin-right: .4em; }
.legend strong { color: var(--ink); font-weight: 600; }

.troubles { padding: 1.2rem 1.4rem; border-left: 4px solid var(--inconclusive); background: var(--raised); }
.troubles li { padding: .25rem 0; }

.filter { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; border: 0; margin: 0 0 .6rem; padding: 0; font-size: .875rem; }
.filter legend { float: left; padding: 0 .5rem 0 0; color: var(--quiet); }
.filter label { position: relative; }
.filter input { position: absolute; inset: 0; opacity: 0; margin: 0; cursor: pointer; }
.filter span { display: inline-flex; gap: .35em; align-items: center; padding: .2rem .7rem; border: 1px solid var(--rule); border-radius: 1rem; background: var(--raised); }
.filter input:checked + span { border-color: var(--ink); box-shadow: inset 0 0 0 1px var(--ink); }
.filter input:focus-visible + span { outline: 2px solid var(--exposed); outline-offset: 2px; }
${['held', 'breached', 'inconclusive', 'exposed', 'not-applicable']
  .map(
    (verdict) =>
      `body:has(#show-${verdict}:checked) :is(.matrix tbody, .matrix tbody tr[class], .evidence .folder, .check):not(.has-${verdict}) { display: none; }`,
  )
  .join('\n')}

.scroll { overflow-x: auto; }
.matrix { font-size: .92rem; }
.matrix tbody th[scope="row"] { padding-left: 1rem; min-width: 13rem; }
.matrix th.folder { padding-top: 1.3rem; font: 600 .8rem/1.4 var(--sans); letter-spacing: .07em; text-transform: uppercase; color: var(--quiet); }
.matrix tbody tr:has(th[scope="row"]):hover { background: var(--raised); }
.matrix td, .matrix th.handler { width: 1%; padding-right: 1.6rem; white-space: nowrap; }
.matrix th.handler { font-weight: 600; color: var(--ink); font-size: .92rem; }
.matrix a { text-decoration: none; }
.matrix a:hover { text-decoration: underline; }

.check { border-top: 1px solid var(--rule); }
.check:last-child { border-bottom: 1px solid var(--rule); }
.check > summary { display: grid; grid-template-columns: 1fr auto; gap: .05rem 1.5rem; padding: .6rem 0 .6rem 1.3rem; cursor: pointer; list-style: none; position: relative; }
.check > summary::-webkit-details-marker { display: none; }
.check > summary::before { content: ""; position: absolute; left: .15rem; top: 1.12rem; width: .4rem; height: .4rem; border: solid var(--quiet); border-width: 0 1.5px 1.5px 0; transform: rotate(-45deg); }
.check[open] > summary::before { transform: rotate(45deg); }
.check > summary:hover { background: var(--raised); }
.check h4 { font: 600 1rem/1.4 var(--sans); }
.check .claim { grid-column: 1; color: var(--quiet); font-size: .92rem; }
.outcomes { grid-column: 2; grid-row: 1 / 3; display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; align-content: start; justify-content: end; font-size: .875rem; max-width: 22rem; }
.outcome { white-space: nowrap; color: var(--quiet); }
.inside { padding: .2rem 0 1.6rem 1.3rem; scroll-margin-top: 6rem; }
.about { display: grid; gap: .45rem; font-size: .94rem; }
.about > div { display: grid; grid-template-columns: 9rem 1fr; gap: 0 1rem; }
dt { color: var(--quiet); }
.about dt { font-size: .875rem; padding-top: .06rem; }
.about dd { max-width: 46rem; overflow-wrap: anywhere; }
.seen { margin-top: 1.3rem; padding: .8rem 0 .2rem 1rem; border-left: 3px solid var(--rule); }
.seen.held { border-color: var(--held); }
.seen.breached { border-color: var(--breached); }
.seen.inconclusive { border-color: var(--inconclusive); }
.seen.exposed { border-color: var(--exposed); }
.seen h5 { display: flex; flex-wrap: wrap; gap: 0 .45em; align-items: center; font: 600 1rem/1.4 var(--sans); }
.seen .word::first-letter { text-transform: uppercase; }
.seen .word { display: inline-block; }
.seen .places { font-weight: 400; color: var(--quiet); }
.accepted { margin-top: .25rem; max-width: 52rem; font-weight: 600; white-space: pre-wrap; overflow-wrap: anywhere; }
.accepted::first-letter { text-transform: uppercase; }
.reason { margin: .25rem 0 .7rem; max-width: 52rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.seen > dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .8rem 1.6rem; font-size: .9rem; }
.seen dt { font-size: .8rem; }
.seen dd { white-space: pre-wrap; overflow-wrap: anywhere; }
.raw { margin-top: .8rem; font-size: .9rem; }
.raw > summary { color: var(--quiet); cursor: pointer; width: fit-content; }
.records { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1rem; margin-top: .6rem; }
figcaption { color: var(--quiet); font-size: .8rem; }
figcaption strong { color: var(--ink); font-weight: 600; }
pre { margin-top: .25rem; padding: .6rem .7rem; max-height: 16rem; overflow: auto; background: var(--raised); border: 1px solid var(--rule); border-radius: 3px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .78rem; line-height: 1.45; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--quiet); font-size: .875rem; }
footer p { max-width: 46rem; }

@media (max-width: 44rem) {
  body { padding: 0 1rem 3rem; }
  main > section { margin-top: 2.6rem; }
  .contrast, .contrast tbody, .contrast tr, .contrast th[scope="row"], .contrast td { display: block; border: 0; padding: 0; }
  .contrast thead, .plain thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .contrast tr { padding: .8rem 0; border-bottom: 1px solid var(--rule); }
  .tiles { max-width: none; }
  .contrast td::before { content: attr(data-folder); display: block; margin: .5rem 0 .2rem; font-size: .8rem; color: var(--quiet); }
  caption { display: block; }
  .plain, .plain tbody, .plain tr, .plain th, .plain td { display: block; border: 0; padding: 0; }
  .plain tr { padding: .7rem 0; border-bottom: 1px solid var(--rule); }
  .plain td { display: grid; grid-template-columns: 8.5rem 1fr; gap: .6rem; }
  .plain td::before { content: attr(data-heading); color: var(--quiet); font-size: .8rem; }
  .check > summary { grid-template-columns: 1fr; }
  .outcomes { grid-column: 1; grid-row: auto; justify-content: start; padding-top: .2rem; }
  .about > div { grid-template-columns: 1fr; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --raised: #fff; font-size: 9pt; }
  @page { margin: 16mm 14mm; }
  body { max-width: none; padding: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .skip, .filter, .raw, .check > summary::before { display: none; }
  .scroll { overflow: visible; }
  main > section { margin-top: 1.8rem; }
  h2, h3, summary, h5, th.folder { break-after: avoid; }
  tr, .seen, .about > div { break-inside: avoid; }
  thead { display: table-header-group; }
  /* On paper nobody opens anything. */
  .check::details-content { content-visibility: visible; display: block; block-size: auto; }
  .check > summary, .inside { padding-left: 0; }
  .check .claim { grid-column: 1 / 3; }
  .outcomes { grid-row: 1; max-width: none; }
  a { text-decoration: none; }
  .matrix { font-size: 8pt; }
  .matrix th, .matrix td { padding-block: .25rem; }
  .matrix td, .matrix th.handler { padding-right: .6rem; }
}
@media (prefers-reduced-motion: no-preference) {
  .check > summary::before { transition: transform .15s; }
}
`;
