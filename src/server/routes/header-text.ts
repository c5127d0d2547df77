/** Header values are ASCII without control characters; the client's words and credential names may not be. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]|"/g, '?').slice(0, 300);
}
