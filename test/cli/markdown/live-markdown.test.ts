import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { LiveMarkdown, loadMarkdown, type MarkdownParts } from '../../../src/cli/markdown/live-markdown.ts';
import { Screen } from '../screen.ts';

let parts: MarkdownParts;

beforeAll(async () => {
  parts = await loadMarkdown();
});

const SAMPLE = `# Title here

Some **bold text**, \`code\`, [a link](https://example.com) and 中文字符很多很多很多很多很多很多很多很多，很多很多。
Para
- one
- two **x** & \`y\`
  - nested

- loose

1. first
2. second
   \`\`\`js
   let x = 1;
   \`\`\`

~~~python
def f(x):
    """doc
    string"""

    return x + 1  # a comment that is a good deal longer than the terminal is wide, so that it breaks
~~~

| a | b |
|---|--:|
| 中文 | 1 |
| x \`y\` | 22 |

> quote **q**
> more

End \\( x^2 \\) &lt;ok&gt; <b>raw</b>.`;

function show(pieces: readonly string[], columns = 40): Screen {
  const screen = new Screen(columns);
  const view = new LiveMarkdown(screen.stream, parts);
  for (const piece of pieces) {
    view.push(piece);
    view.flush();
  }
  view.end();
  return screen;
}

describe('Markdown while it arrives', () => {
  test('looks like this', () => {
    expect(show([SAMPLE], 44).text).toMatchInlineSnapshot(`
      "Title here

      Some bold text, code, a link
      (https://example.com) and 中文字符很多很多
      很多很多很多很多很多很多，很多很多。
      Para

      • one
      • two x & y
        ◦ nested

      • loose

      1. first
      2. second

           let x = 1;

        def f(x):
            """doc
            string"""

            return x + 1  # a comment that is a go
      od deal longer than the terminal is wide, so
       that it breaks

      a    │   b
      ─────┼────
      中文 │   1
      x y  │  22

      │ quote q
      │ more

      End \\( x^2 \\) <ok> <b>raw</b>.
      "
    `);
  });

  test('ends as if it had come at once, however it was cut', () => {
    const whole = show([SAMPLE]).text;
    for (const size of [1, 2, 3, 7, 16]) {
      const pieces = SAMPLE.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
      expect(show(pieces).text, `in pieces of ${size}`).toBe(whole);
    }
  });

  test('whatever it is', () => {
    const line = fc.constantFrom(
      '# h',
      'text **b',
      '- a',
      '  - b',
      '',
      '```',
      '```js',
      'let x',
      '| a | b |',
      '|--|--|',
      '> q',
      '1. n',
      '***',
      '中文，字',
      '<p>',
      '`c`',
      '===',
    );
    const cases = fc.tuple(
      fc.array(line, { maxLength: 12 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 20, max: 60 }),
    );
    fc.assert(
      fc.property(cases, ([lines, size, columns]) => {
        const source = lines.join('\n');
        const pieces = source.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
        expect(show(pieces, columns).text).toBe(show([source], columns).text);
      }),
    );
  });

  test('plain words are continued, nothing is written twice', () => {
    const { raw } = show(['One ', 'two three', ' four.']);
    expect(raw).toBe('One two three four.\n');
  });

  test('only lines that changed are written again, and nothing is wiped first', () => {
    const { raw, text } = show(['First line that stays where it is.\n', 'and **bo', 'ld** words']);
    expect(text).toBe('First line that stays where it is.\nand bold words\n');
    expect(raw.match(/First/g)).toHaveLength(1);
    expect(raw).not.toContain('\u001b[2K');
  });

  test('code appears line by line in colours, and keeps them across lines', () => {
    const { raw } = show(['```js\nconst a = 1;\n', '/* one\n', 'two */ f();\n```\n', 'after']);
    expect(raw).toContain('\u001b[35mconst\u001b[39m');
    expect(raw).toContain('\u001b[2mtwo */\u001b[22m');
    expect(raw).not.toContain('`');
  });

  test('an answer cannot drive the terminal', () => {
    const { raw } = show(['a\u001b]0;title\u0007 `\u001b[31mred`\r\u009b2J', ' **\u001b[2Jx**']);
    const order = String.raw`\u001b\[(?:[\d;]*m|\?2026[hl]|K|\d*A)`;
    const others = raw.replaceAll(new RegExp(order, 'g'), '').replaceAll(/[\r\n]/g, '');
    expect(others).not.toMatch(/\p{Cc}/u);
  });
});
