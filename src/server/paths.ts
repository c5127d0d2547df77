/**
 * The paths that real clients produce, brought to one form: NextChat appends `/v1/chat/completions` to an endpoint that
 * ends in `/v1` already, others leave `/v1` out, some double a slash or end with one.
 */
export function normalPath(path: string): string {
  if (path.startsWith('/v1/') && !path.startsWith('v1/', 4) && !path.includes('//') && !path.endsWith('/')) return path;
  let normal = path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  // The base address that the vendor has Claude Code use ends in `/anthropic`; what stands below is the same here.
  if (normal.startsWith('/anthropic/')) normal = normal.slice('/anthropic'.length);
  // Azure's clients (`AzureOpenAI` of npm openai 7.57.0) name the deployment in the path, and the model in the body too.
  if (normal.startsWith('/openai/')) normal = normal.replace(AZURE, '');
  while (normal.startsWith('/v1/v1/')) normal = normal.slice(3);
  if (UNVERSIONED.test(normal)) normal = `/v1${normal}`;
  return normal;
}

const AZURE = /^\/openai(?:\/deployments\/[^/]+)?(?=\/)/;

const UNVERSIONED =
  /^\/(?:chat\/completions|completions|responses|messages|models|files|batches|conversations|embeddings|moderations|images|audio)(?:\/|$)/;
