/**
 * Text that others wrote, safe for a terminal: control characters other than line feed and tab could move the cursor,
 * set the window's title or answer in the user's name. C1 controls count as well: some terminals obey them.
 */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
