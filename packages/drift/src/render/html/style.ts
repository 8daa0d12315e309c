/** The looks of the page. Colour never tells anything alone: a word stands beside it. */
export const STYLE = `
:root { color-scheme: light dark; --page: #fff; --text: #1b1f24; --soft: #55606c; --line: #d0d7de; --box: #f6f8fa;
  --critical: #b3261e; --warning: #8a4b00; --notice: #0b57a4; --none: #55606c; --lost: #b3261e; --new: #1a6b2d; --moved: #8a4b00; }
@media (prefers-color-scheme: dark) { :root { --page: #14181d; --text: #e6eaef; --soft: #a5b0bc; --line: #3a424c; --box: #1e242b;
  --critical: #ff9a91; --warning: #f2b45c; --notice: #86bdff; --none: #a5b0bc; --lost: #ff9a91; --new: #7fd695; --moved: #f2b45c; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); overflow-wrap: anywhere; }
.skip { position: absolute; left: -100vw; } .skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem; }
header, form, main, footer { max-width: 75rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1rem; font-weight: 600; color: var(--soft); margin: 1.5rem 0 0; }
.verdict { font-size: 1.6rem; font-weight: 650; line-height: 1.25; margin: .25rem 0 1rem; }
.trouble { border-left: .3rem solid var(--critical); padding: .25rem .75rem; margin: .5rem 0; background: var(--box); }
form { position: sticky; top: 0; z-index: 1; background: var(--page); border-bottom: 1px solid var(--line); padding-top: .5rem; padding-bottom: .5rem;
  display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; }
form[hidden] { display: none; }
fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
legend { float: left; margin-right: 1rem; color: var(--soft); padding: 0; }
label { display: inline-flex; gap: .4rem; align-items: center; }
input[type=search] { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--soft); border-radius: .3rem; padding: .2rem .5rem; width: min(16rem, 60vw); }
:focus-visible { outline: 3px solid var(--notice); outline-offset: 2px; }
.entry { border: 1px solid var(--line); border-left: .4rem solid var(--level); border-radius: .4rem; padding: .75rem 1rem 1rem; margin: 1rem 0; }
.many .entry { content-visibility: auto; contain-intrinsic-size: auto 18rem; }
.entry[hidden] { display: none; }
.critical { --level: var(--critical); } .warning { --level: var(--warning); } .notice { --level: var(--notice); } .none { --level: var(--none); }
.level { color: var(--level); font-weight: 700; font-size: .85rem; letter-spacing: .04em; text-transform: uppercase; margin-right: .5rem; }
.known { color: var(--soft); font-size: .85rem; }
h2 { font-size: 1.05rem; font-weight: 600; line-height: 1.4; margin: 0; }
.host { font-size: 1.25rem; margin-top: 1.5rem; }
.id { color: var(--soft); font: .8rem ui-monospace, monospace; margin: .1rem 0 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .75rem; margin: .75rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; }
dd.mono, .seen { font: .85rem/1.5 ui-monospace, monospace; }
summary { cursor: pointer; color: var(--soft); margin-top: .5rem; }
.flow { margin: .75rem 0 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(28rem, 100%), 1fr)); gap: .75rem; }
.flow.alone { max-width: 44rem; }
.side { border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .75rem .75rem; background: var(--box); }
.when { font-weight: 600; font-size: .85rem; color: var(--soft); margin-bottom: .4rem; display: flex; justify-content: space-between; gap: 1rem; flex-wrap: wrap; }
.way { display: grid; grid-template-columns: minmax(3.5rem, max-content) 1.25rem minmax(5rem, max-content) 2.5rem minmax(6rem, 1fr); font: .8rem/1.35 ui-monospace, monospace; }
.stop { align-self: center; border: 1px solid var(--soft); border-radius: .3rem; padding: .3rem .45rem; background: var(--page); max-width: 11rem; }
.link { width: 100%; height: 0; min-height: 100%; display: block; overflow: visible; }
.link path { fill: none; stroke: var(--soft); vector-effect: non-scaling-stroke; }
.link .lost { stroke: var(--lost); stroke-dasharray: 5 4; } .link .new { stroke: var(--new); } .link .moved { stroke: var(--moved); }
.ends { list-style: none; margin: 0; padding: 0; display: grid; grid-auto-rows: 1fr; gap: .3rem; align-content: center; }
.ends.one { align-self: center; }
.end { border: 1px solid var(--soft); border-radius: .3rem; padding: .25rem .45rem; background: var(--page); display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .75rem; align-items: center; }
.end.lost { border-color: var(--lost); color: var(--lost); } .end.new { border-color: var(--new); color: var(--new); } .end.moved { border-color: var(--moved); color: var(--moved); }
.end.bad { border-color: var(--lost); color: var(--lost); font-weight: 600; }
.changed { color: var(--moved); }
table { border-collapse: collapse; margin-top: .75rem; width: 100%; } th, td { text-align: left; vertical-align: top; border-top: 1px solid var(--line); padding: .3rem .75rem .3rem 0; }
th { width: 35%; font-weight: 600; } caption { text-align: left; color: var(--soft); }
.hear { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { color: var(--soft); padding-bottom: 2rem; }
@media (max-width: 34rem) {
  form { position: static; }
  .way { grid-template-columns: minmax(0, 1fr) 1.75rem minmax(0, 1.15fr); row-gap: .5rem; }
  .way > .link:first-of-type { display: none; } .way > .link { grid-area: 1 / 2 / 3 / 3; } .ends { grid-area: 1 / 3 / 3 / 4; }
  .stop { grid-column: 1; max-width: none; }
  dl { grid-template-columns: 1fr; gap: 0; } dt { margin-top: .4rem; }
  .side, .entry { padding-left: .6rem; padding-right: .6rem; }
}
@media print { form { display: none; } .many .entry { content-visibility: visible; } .entry { break-inside: avoid; } }
`;
