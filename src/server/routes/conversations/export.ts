import { toMarkdown } from '../../../conversations/markdown.ts';
import { storedView } from '../../../conversations/view.ts';
import { type Inbound, jsonReply, type Reply } from '../../exchange.ts';
import type { RouteContext } from '../../route.ts';
import type { PathParameters } from '../../router.ts';
import { invalid } from './collection.ts';

/** GET /v1/conversations/{id}/export?format=json|markdown, as a file. */
export async function exportConversation(
  inbound: Inbound,
  { conversations, owner }: RouteContext,
  { id = '' }: PathParameters,
): Promise<Reply> {
  const format = new URLSearchParams(inbound.query).get('format') ?? 'json';
  if (format !== 'json' && format !== 'markdown') throw invalid('format', 'must be json or markdown');
  const stored = await conversations.read(owner, id);
  const file = id.replaceAll(/[^A-Za-z0-9._-]/g, '_');
  if (format === 'json') {
    return jsonReply(200, storedView(stored), { 'content-disposition': `attachment; filename="${file}.json"` });
  }
  return {
    status: 200,
    headers: {
      'content-type': 'text/markdown; charset=utf-8',
      'content-disposition': `attachment; filename="${file}.md"`,
    },
    body: Buffer.from(toMarkdown(stored)),
  };
}
