import { text } from './fields.ts';

/** A web page's origin, exactly as browsers send it. */
export const originName = text('An origin.').transform((value, context) => {
  const problem = originProblem(value);
  if (problem !== undefined) context.addIssue(problem);
  return value.toLowerCase();
});

function originProblem(value: string): string | undefined {
  if (value.includes('*')) {
    return 'must not hold a wildcard: any web page could then spend your key through this address; list the origins';
  }
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/i.test(value)) {
    return 'must be an exact origin such as http://localhost:3000, without path and trailing slash';
  }
  const normal = URL.parse(value)?.origin;
  const differs = /^https?:/i.test(value) && normal !== value.toLowerCase();
  return differs ? `must be written as browsers send it: ${normal ?? 'http://host:port'}` : undefined;
}
