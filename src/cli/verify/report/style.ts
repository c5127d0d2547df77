/** The style of the page, light and dark. */
export const STYLE = `
:root{--page:#f6f7f9;--card:#fff;--ink:#1b2230;--soft:#667085;--line:#e4e7ec;--conforms:#12805c;--differs:#c4320a;--known:#a15c07;--skipped:#8a94a6;--wash:12%}
@media (prefers-color-scheme:dark){:root{--page:#0f131a;--card:#171c25;--ink:#e6e9ef;--soft:#98a2b3;--line:#272e3a;--conforms:#4cc38a;--differs:#ff8a65;--known:#f0b64f;--skipped:#7c879b;--wash:18%}}
*{box-sizing:border-box;margin:0}
body{background:var(--page);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI","PingFang SC","Noto Sans SC",sans-serif}
main{max-width:60rem;margin:0 auto;padding:3rem 1.25rem 4rem}
h1{font-size:1.75rem;letter-spacing:-.02em}
h2{font-size:.8rem;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--soft);margin:2rem 0 .6rem}
code{font:.86em ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
.target{margin:.35rem 0 1.5rem;color:var(--soft);display:flex;gap:.5rem;flex-wrap:wrap}
.target code{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.1rem .5rem;color:var(--ink)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem}
.tile{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.8rem 1rem}
.tile b{display:block;font-size:1.7rem;line-height:1.2;font-variant-numeric:tabular-nums;color:var(--tone)}
.tile span{color:var(--soft);font-size:.85rem}
.bar{display:flex;height:.5rem;border-radius:1rem;overflow:hidden;margin-top:1rem;background:var(--line);gap:2px}
.bar i{background:var(--tone)}
.conforms{--tone:var(--conforms)}.differs{--tone:var(--differs)}.known{--tone:var(--known)}.skipped{--tone:var(--skipped)}
ul{list-style:none;padding:0;background:var(--card);border:1px solid var(--line);border-radius:.75rem;overflow:hidden}
li{display:grid;grid-template-columns:8.5rem 1fr auto;gap:.25rem 1rem;align-items:start;padding:.65rem 1rem;border-top:1px solid var(--line)}
li:first-child{border-top:0}
.badge{justify-self:start;font-size:.75rem;font-weight:600;line-height:1.5;color:var(--tone);background:color-mix(in srgb,var(--tone) var(--wash),transparent);border-radius:1rem;padding:.1rem .6rem}
.skipped .title,.why,.id,footer,dt{color:var(--soft)}
.id{font-size:.78rem;padding-top:.15rem}
.why{font-size:.87rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.15rem .75rem;margin-top:.35rem;font-size:.9rem}
dt{font-size:.8rem;padding-top:.1rem}
footer{margin-top:2rem;font-size:.82rem}
@media (max-width:40rem){li{grid-template-columns:1fr}.id{order:3}main{padding-top:1.5rem}}
@media print{body{background:#fff}li{break-inside:avoid}}
`;
