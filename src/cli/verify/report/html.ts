import { VERSION } from '../../../version.ts';
import { type Language, type Phrase, phrase } from '../../language.ts';
import { type Outcome, outcomeOf, type Result, tally, type VerifyReport } from '../run-checks.ts';
import { GROUPS } from '../verify-check.ts';
import { STYLE } from './style.ts';
import { GROUP_TITLES, LABELS, OUTCOMES, summaryOf } from './words.ts';

const ORDER: readonly Outcome[] = ['conforms', 'known', 'differs', 'skipped'];

/** One page that needs nothing else: no script, no request to anywhere. */
export function htmlReport(report: VerifyReport, language: Language): string {
  const say = (words: Phrase) => escaped(phrase(words, language)).replace(/`([^`]+)`/g, '<code>$1</code>');
  const counts = tally(report);
  const total = Math.max(report.results.length, 1);
  const bar = ORDER.map(
    (outcome) => `<i class="${outcome}" style="width:${(counts[outcome] / total) * 100}%"></i>`,
  ).join('');
  const tiles = ORDER.map(
    (outcome) => `<div class="tile ${outcome}"><b>${counts[outcome]}</b><span>${say(OUTCOMES[outcome])}</span></div>`,
  ).join('');
  const groups = GROUPS.map((group) => {
    const own = report.results.filter(({ check }) => check.group === group);
    if (own.length === 0) return '';
    return `<section><h2>${say(GROUP_TITLES[group])}</h2><ul>${own.map((result) => row(result, report, say)).join('')}</ul></section>`;
  });
  const title = say({ en: 'Conformance', zh: '一致性报告' });
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: ${escaped(report.model)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
<p class="target"><code>${say(report.endpoint)}</code> <code>${escaped(report.model)}</code></p>
<div class="tiles">${tiles}</div>
<div class="bar" role="img" aria-label="${say(summaryOf(counts, report.requests))}">${bar}</div>
</header>
${groups.join('\n')}
<footer>${say(summaryOf(counts, report.requests))} <time>${escaped(report.at)}</time> · moongate ${escaped(VERSION)}</footer>
</main>
</body>
</html>
`;
}

function row(result: Result, report: VerifyReport, say: (words: Phrase) => string): string {
  const { check, verdict } = result;
  const outcome = outcomeOf(result, report);
  const details =
    verdict.is === 'differs'
      ? `<dl><dt>${say(LABELS.seen)}</dt><dd><code>${say(verdict.seen)}</code></dd><dt>${say(LABELS.means)}</dt><dd>${say(check.meaning)}</dd></dl>`
      : verdict.is === 'skipped'
        ? `<p class="why">${say(verdict.reason)}</p>`
        : '';
  return `<li class="${outcome}"><span class="badge">${say(OUTCOMES[outcome])}</span><div><p class="title">${say(check.title)}</p>${details}</div><code class="id">${escaped(check.id)}</code></li>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The endpoint's words stand in the page too. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
