import { openaiChat } from '../../../protocols/openai-chat.ts';
import type { Route } from '../../router.ts';
import { answerIn } from '../chat.ts';
import { createConversation, deleteConversations, listConversations } from './collection.ts';
import { exportConversation } from './export.ts';
import { forkConversation } from './fork.ts';
import { listItems } from './items.ts';
import { editMessage, regenerate } from './messages.ts';
import { deleteConversation, renameConversation, showConversation } from './one.ts';
import { turnNamed } from './turn.ts';

/** Conversations that the gateway remembers. */
export const CONVERSATIONS: readonly Route[] = [
  {
    path: '/v1/chat/completions/{conversation_id}',
    methods: {
      POST: (inbound, context, { conversation_id: name }) =>
        answerIn(openaiChat, inbound, context, undefined, turnNamed(name, inbound, context)),
    },
    ledger: 'openai-chat',
  },
  {
    path: '/v1/conversations',
    methods: { GET: listConversations, POST: createConversation, DELETE: deleteConversations },
  },
  {
    path: '/v1/conversations/{id}',
    methods: {
      GET: showConversation,
      PATCH: renameConversation,
      // OpenAI's client updates a conversation by POST.
      POST: renameConversation,
      DELETE: deleteConversation,
    },
  },
  { path: '/v1/conversations/{id}/items', methods: { GET: listItems } },
  { path: '/v1/conversations/{id}/fork', methods: { POST: forkConversation } },
  { path: '/v1/conversations/{id}/regenerate', methods: { POST: regenerate }, ledger: 'openai-chat' },
  { path: '/v1/conversations/{id}/export', methods: { GET: exportConversation } },
  { path: '/v1/conversations/{id}/messages/{message}', methods: { PATCH: editMessage } },
];
