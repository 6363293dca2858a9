"""The report's one style sheet: light and dark, no picture, no font from elsewhere."""

STYLE = """
:root{color-scheme:light dark;--ink:#1B2A3A;--paper:#FAFBFC;--line:#D8DEE4;--shade:#EEF2F5;--jade:#0F766E;
--slate:#475467;--risk:#B42318;--wait:#B54708;--good:#067647;--on-risk:#FFFFFF}
@media(prefers-color-scheme:dark){:root{--ink:#E6EBF0;--paper:#12181F;--line:#2C3742;--shade:#1B242D;--jade:#2DB5A8;
--slate:#A3B0BD;--risk:#F97066;--wait:#F5A524;--good:#47CD89;--on-risk:#12181F}}
*{box-sizing:border-box}
body{font:14px/1.6 "PingFang SC","HarmonyOS Sans SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;
color:var(--ink);background:var(--paper);max-width:1120px;margin:0 auto;padding:20px 24px 64px;
font-variant-numeric:tabular-nums;overflow-wrap:break-word}
h1{font-size:21px;line-height:1.35;margin:4px 0}h2{font-size:16px;margin:32px 0 8px}h3{font-size:14px;margin:0 0 2px}
p{margin:6px 0}a{color:var(--jade)}a:focus-visible{outline:2px solid var(--jade);outline-offset:2px}
.note{color:var(--slate)}.risk{color:var(--risk)}.wait{color:var(--wait)}.good{color:var(--good)}
.figures{display:flex;flex-wrap:wrap;gap:12px 44px;margin:16px 0}.figures>*{color:inherit;text-decoration:none}
.figures b{display:block;font-size:26px;line-height:1.25;font-weight:600}a>b{color:var(--jade)}
.figures .risk b{color:var(--risk)}.figures .wait b{color:var(--wait)}.figures .good b{color:var(--good)}
.charts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:4px 56px}
.bars{list-style:none;margin:0;padding:0}
.bars a{display:grid;grid-template-columns:minmax(5em,12.5em) minmax(0,1fr) 8em;gap:0 10px;align-items:center;
padding:3px 0;color:inherit;text-decoration:none}
.bars a:hover,.columns a:hover{background:var(--shade)}
.bars .label{text-align:right;line-height:1.35}.bars .value{color:var(--slate);white-space:nowrap}
.bars svg{display:block;width:100%;height:18px}.bar{fill:var(--jade)}.below{fill:var(--slate)}
.range{fill:var(--ink)}.frame{fill:var(--shade)}
.columns{display:grid;grid-template-columns:repeat(10,minmax(0,1fr));gap:0 3px;list-style:none;margin:0;padding:0}
.columns a{display:block;color:inherit;text-decoration:none}.columns svg{display:block;width:100%;height:150px;
border-bottom:1px solid var(--slate)}.columns .count{display:block;text-align:center;min-height:1.6em}
.columns .edge{display:block;font-size:12px;color:var(--slate)}
.key{display:inline-block;width:10px;height:10px;margin:0 4px 0 12px}.key.above{background:var(--jade)}
.key.under{background:var(--slate);margin-left:0}
details{margin:6px 0}summary{color:var(--slate);cursor:pointer}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}th{text-align:left;color:var(--slate);font-weight:500;white-space:nowrap}
th,td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}td.t{white-space:nowrap}
.timeline{display:block;width:100%;min-width:720px;height:auto}.timeline text{font-size:12px;fill:var(--slate)}
.timeline .lane{fill:var(--shade)}.timeline .agent{fill:var(--jade)}.timeline .customer,
.timeline .unknown{fill:var(--slate)}
.timeline .axis{stroke:var(--line)}.timeline .stem{stroke:var(--risk);stroke-dasharray:2 3}
.timeline .pin{fill:var(--risk)}.timeline .number{fill:var(--on-risk);font-weight:600}.timeline .mark{fill:var(--wait)}
.party-agent{color:var(--jade)}.party-customer,.party-unknown{color:var(--slate)}
.finding{border-left:3px solid var(--risk);padding:2px 0 2px 14px;margin:14px 0}.finding.open{border-color:var(--wait)}
.finding ul{list-style:none;margin:4px 0;padding:0}
.badge{display:inline-block;min-width:20px;height:20px;line-height:20px;border-radius:10px;text-align:center;
padding:0 5px;background:var(--risk);color:var(--on-risk);font-size:12px;font-weight:600;text-decoration:none}
tr:target td{background:var(--shade)}
code,.digest{font-family:ui-monospace,"DejaVu Sans Mono",Consolas,monospace;font-size:12.5px;overflow-wrap:anywhere}
@media(max-width:760px){body{padding:16px 16px 48px}.charts{grid-template-columns:minmax(0,1fr)}.figures{gap:12px 28px}
.bars a{grid-template-columns:minmax(4em,8em) minmax(0,1fr) 6.5em}.calls thead{display:none}
.calls tr{display:block;border-bottom:1px solid var(--line);padding:8px 0}
.calls td{display:inline;border:0;padding:0 8px 0 0}
.calls td.n{white-space:normal}.calls td.wide{display:block}}
@media print{body{max-width:none}details{display:none}.charts section,.finding{break-inside:avoid}}
"""
