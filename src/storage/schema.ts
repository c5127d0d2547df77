import type { ConversationTable, TurnTable } from './tables/conversations.ts';
import type { CredentialStateTable, StoredCredentialTable } from './tables/credentials.ts';
import type { FileOwnerTable } from './tables/file-owners.ts';
import type { InboundKeyTable, KeyBudgetTable } from './tables/inbound-keys.ts';
import type { LedgerBodyTable, LedgerTable } from './tables/ledger.ts';
import type { ReasoningTable } from './tables/reasoning.ts';
import type { ResponseItemTable, ResponseTable } from './tables/responses.ts';
import type { WebTokenTable } from './tables/web-tokens.ts';

interface MigrationTable {
  readonly id: string;
  readonly at: number;
}

/** Every table, as the last migration leaves it. A capability's rows are described in its file under tables/. */
export interface Schema {
  migrations: MigrationTable;
  ledger: LedgerTable;
  ledger_bodies: LedgerBodyTable;
  conversations: ConversationTable;
  conversation_turns: TurnTable;
  inbound_keys: InboundKeyTable;
  key_budgets: KeyBudgetTable;
  responses: ResponseTable;
  response_items: ResponseItemTable;
  reasoning: ReasoningTable;
  file_owners: FileOwnerTable;
  credential_state: CredentialStateTable;
  stored_credentials: StoredCredentialTable;
  web_tokens: WebTokenTable;
}

export type TableName = keyof Schema;

/** The tables that are moved to another database, those that others refer to first. `key`: the column that tells rows apart. */
export const TABLES: readonly { readonly name: Exclude<TableName, 'migrations'>; readonly key: string }[] = [
  { name: 'ledger', key: 'id' },
  { name: 'ledger_bodies', key: 'id' },
  { name: 'conversations', key: 'id' },
  { name: 'conversation_turns', key: 'id' },
  { name: 'inbound_keys', key: 'id' },
  { name: 'key_budgets', key: 'id' },
  { name: 'responses', key: 'id' },
  { name: 'response_items', key: 'id' },
  { name: 'reasoning', key: 'id' },
  { name: 'file_owners', key: 'id' },
  { name: 'credential_state', key: 'id' },
  { name: 'stored_credentials', key: 'id' },
  { name: 'web_tokens', key: 'id' },
];
