import type { Credential } from '../credential.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import type { GatewayError } from '../errors.ts';
import type { Resolution } from '../models/resolve.ts';
import type { NativeChat } from './conversation.ts';
import type { TurnDraft } from './turn-draft.ts';

/** How a turn goes up: in the surface's own chat, or with its whole history, and why not in the chat if there is one. */
export type Way =
  | { readonly kind: 'continue'; readonly native: NativeChat; readonly credential: Credential }
  | { readonly kind: 'lost'; readonly why: string }
  | { readonly kind: 'whole'; readonly note: string | undefined };

export function chooseWay({ conversation, before }: TurnDraft, resolution: Resolution, pool: CredentialPool): Way {
  const { native } = conversation.details;
  if (native === undefined) return { kind: 'whole', note: undefined };
  const where = `the chat on ${native.surface}`;
  if (!resolution.targets.some(({ surface }) => surface === native.surface)) {
    return { kind: 'whole', note: `${where} does not have this model; another surface got the whole history` };
  }
  if (native.upTo !== before.at(-1)?.id) {
    return { kind: 'whole', note: `${where} does not know the history as it is now; a new chat got all of it` };
  }
  // The older protocol's chats are one line: nobody can go on from before what may have been said there.
  if (native.unsettled && native.chat.protocol === 'classic') {
    return {
      kind: 'whole',
      note: `how the last turn ended in ${where} is not known; a new chat got the whole history`,
    };
  }
  const credential = ownerOf(native, pool);
  if (credential) return { kind: 'continue', native, credential };
  return { kind: 'lost', why: `the credential ${native.credential} is not configured any more` };
}

/** The credential, or another one of the same account. */
export function ownerOf(native: NativeChat, pool: CredentialPool): Credential | undefined {
  const all = pool.all(native.surface);
  const isNamed = native.account !== native.credential;
  return (
    all.find(({ id }) => id === native.credential) ??
    (isNamed ? all.find(({ account }) => account === native.account) : undefined)
  );
}

/** What says that a chat is gone, or that nobody may see it any more. */
const GONE = new Set<string>(['not_found', 'upstream_auth', 'upstream_permission', 'account_terminated']);

/** Whether it is certain that nothing was said in the chat: nobody was asked. */
export const isUnasked = ({ code }: GatewayError): boolean => code === 'all_resting';

/** Why a chat is lost; undefined if the failure is about something else and may pass. */
export function whyLost(error: GatewayError, credential: Credential, pool: CredentialPool): string | undefined {
  if (GONE.has(error.code)) return error.message;
  if (error.code !== 'all_resting') return undefined;
  const resting = pool.view().flatMap(({ credentials }) => credentials.filter(({ id }) => id === credential.id));
  const cause = resting.map(({ rest }) => rest?.because).find((code) => code !== undefined && GONE.has(code));
  return cause && `the credential ${credential.id} is refused (${cause})`;
}
