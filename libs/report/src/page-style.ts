// Okabe and Ito's colours; the darker blue gives way to the lighter one on dark ground.
const colours = `:root{color-scheme:light dark;
--ink:light-dark(#1b1f24,#e6e8ea);--quiet:light-dark(#57606a,#a3acb5);--paper:light-dark(#fff,#14171a);--raised:light-dark(#f5f7f9,#1d2226);--faint:light-dark(#d5dae0,#394048);
--blue:light-dark(#0072b2,#56b4e9);--orange:light-dark(#d55e00,#f08a3c);
--c0:light-dark(#0072b2,#3d9bd9);--c1:#e69f00;--c2:#009e73;--c3:#cc79a7;--c4:light-dark(#56b4e9,#9fd6f7);--c5:#d55e00;--c6:light-dark(#c9bd1e,#f0e442);--c7:light-dark(#7d8790,#98a2ab)}
.c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}.c5{fill:var(--c5)}.c6{fill:var(--c6)}.c7{fill:var(--c7)}`;

const text = `*{box-sizing:border-box}
body{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:var(--ink);background:var(--paper);max-width:76rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:break-word}
h1{overflow-wrap:anywhere}bdi{overflow-wrap:break-word}th bdi,td bdi{display:inline-block;max-width:14rem;vertical-align:top}
h1{font-size:2.2rem;line-height:1.2;margin:0 0 .4rem}h2{font-size:1.4rem;margin:0 0 .4rem}h3{font-size:1.05rem;margin:1.2rem 0 .3rem}
p{margin:.3rem 0 .8rem;max-width:52rem}.kind{margin:0;color:var(--quiet);font-size:.9rem;letter-spacing:.03em}
.aside{color:var(--quiet);font-size:.85rem;font-weight:400}a{color:var(--blue)}code{font-size:.82em;overflow-wrap:anywhere}
section{margin-top:2.6rem;padding-top:1.2rem;border-top:1px solid var(--faint)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:1.2rem 0 0;padding:0;font-size:.95rem}
.warning{max-width:none;border-left:5px solid var(--orange);padding:.5rem .9rem;background:color-mix(in srgb,var(--orange) 10%,var(--paper));margin:.5rem 0}
.warning.loud{border:3px solid var(--orange)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,14rem),1fr));gap:.8rem;margin:1.2rem 0 0}
.tiles div{background:var(--raised);border-radius:.5rem;padding:.7rem 1rem}.tiles dt{font-size:.9rem;color:var(--quiet)}.tiles dd{margin:0}
.tiles b{font-size:1.6rem;line-height:1.3;font-variant-numeric:tabular-nums}.error-text{color:var(--quiet);white-space:nowrap}`;

const tables = `.scroll{overflow:auto;max-width:100%}.scroll.high{max-height:34rem}
table{border-collapse:collapse;font-size:.92rem}caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:.28rem .7rem;text-align:left;vertical-align:middle;border-bottom:1px solid var(--faint)}
thead th{position:sticky;top:0;background:var(--paper);vertical-align:bottom;font-weight:600;border-bottom:2px solid var(--faint)}
tbody th{font-weight:500;position:sticky;left:0;background:var(--paper)}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}thead .n{white-space:normal}
tr.best td,tr.best th{font-weight:700;background:color-mix(in srgb,var(--blue) 9%,var(--paper))}
th button{all:unset;cursor:pointer;display:inline-block}th button:hover{text-decoration:underline}th button:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
th button::after{content:"\\2195";opacity:.35;padding-left:.25em}th[aria-sort=ascending] button::after{content:"\\2191";opacity:1}th[aria-sort=descending] button::after{content:"\\2193";opacity:1}
.confusion td{text-align:right;min-width:2.6rem;padding:.15rem .3rem;line-height:1.15;border:1px solid var(--faint);font-variant-numeric:tabular-nums;background:color-mix(in srgb,var(--blue) calc(var(--share,0)*60%),transparent)}
.confusion small{display:block;font-size:.72em;white-space:nowrap}.confusion td.right{outline:2px solid var(--ink);outline-offset:-2px}.confusion td.total{border:0;color:var(--quiet)}
.confusion tbody th{font-size:.85rem}.confusion tbody bdi{max-width:9rem}
.turned{height:8.5rem;padding:.2rem;text-align:left}.turned span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:8rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-size:.85rem}
td.n[style]{background:color-mix(in srgb,var(--blue) calc(var(--share)*45%),transparent)}.top{text-decoration:underline;text-underline-offset:2px}
.wrap{display:inline-block;max-width:7rem;white-space:normal}.words{display:block;min-width:14rem;overflow-wrap:anywhere}td code{white-space:nowrap}
.with-bar{display:grid;grid-template-columns:4.5rem 7rem;gap:.5rem;align-items:center}.with-bar svg{width:100%;height:.7rem;background:var(--raised)}`;

const figures = `.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1.6rem 2rem;align-items:start;margin-top:.8rem}
figure{margin:0;max-width:28rem;min-width:0}figure>svg{display:block;width:100%;height:auto}figcaption{font-size:.88rem;margin-bottom:.5rem}
svg text{font:11px system-ui,sans-serif;fill:var(--ink)}svg .label{fill:var(--quiet)}.row{display:flex;flex-wrap:wrap;gap:1rem 3rem;align-items:flex-end}.row>*{min-width:0;max-width:100%}.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1rem 3rem;align-items:start}.beside>div{min-width:0}.beside th,.beside td{padding-inline:.4rem}.key{display:inline-block;max-width:100%;margin-right:.8rem;overflow-wrap:anywhere}
.swatch{width:26px;height:12px;vertical-align:-1px}.swatch.square{width:12px}
.grid{stroke:var(--faint)}.axis,.tick{stroke:var(--quiet)}path{fill:none;stroke-width:1.5}
path.valid{stroke:var(--blue)}path.train{stroke:var(--orange);stroke-dasharray:4 3;opacity:.8}.kept{fill:var(--paper);stroke:var(--blue);stroke-width:1.5}svg text.mark{font-size:9px}
.ideal{stroke:var(--quiet);stroke-dasharray:2 4}.s0 path{stroke:var(--blue)}.s0 circle{fill:var(--blue);stroke:var(--paper)}.s1 path{stroke:var(--orange);stroke-dasharray:6 3}.s1 rect{fill:var(--orange);stroke:var(--paper)}.s2 path.line{stroke:var(--c2);stroke-dasharray:1 3;stroke-width:2}.s2 .shape{fill:var(--c2);stroke:var(--paper)}
.estimate{display:block;width:160px;height:16px;overflow:visible}.estimate path{stroke:var(--quiet)}.net g>*{fill:var(--blue)}.stacker g>*{fill:var(--c2)}.estimate.ensemble g>*{fill:var(--orange);stroke:none}
.random{fill:var(--orange)}.grouped{fill:var(--blue)}.error{stroke:var(--quiet)}
details{font-size:.9rem;margin-top:.3rem}summary{cursor:pointer;color:var(--quiet)}summary .aside{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,14.5rem),1fr));gap:1rem;list-style:none;margin:.8rem 0;padding:0}
.gallery li{background:var(--raised);border-radius:.5rem;overflow:hidden;padding-bottom:.5rem}.gallery img,.nothing{display:block;width:100%;aspect-ratio:16/9;object-fit:contain;background:#000}
.nothing{display:grid;place-items:center;background:var(--faint);color:var(--quiet)}.gallery p{display:flex;justify-content:space-between;gap:.5rem;margin:.35rem .7rem 0;line-height:1.35}.gallery p.aside{display:block}.gallery p>:first-child{min-width:0}`;

const print = `@media(max-width:40rem){th,td{padding:.28rem .45rem}table{font-size:.85rem}th bdi,td bdi{max-width:7.5rem}}
@page{size:A4 landscape;margin:12mm}
@media print{:root{color-scheme:light}body{max-width:none;font-size:10pt;padding:0}nav,summary{display:none}
*{print-color-adjust:exact}section{break-before:auto}figure,li,tr,.tiles div{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}thead th{position:static}
.scroll,.scroll.high{overflow:visible;max-height:none}table{font-size:7.5pt}th,td{padding:.12rem .25rem}.confusion td{min-width:0;padding:.1rem .15rem}.confusion tbody bdi,th bdi,td bdi{max-width:7rem}.wrap{max-width:4.2rem;overflow-wrap:anywhere}.with-bar{grid-template-columns:3.5rem 7rem}tbody th{position:static}th button::after{content:none}.warning.loud{border-width:4px}}`;

/** How the page looks: light, dark, and on paper. */
export const pageStyle = [colours, text, tables, figures, print].join('\n');
