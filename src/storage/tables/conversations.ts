/** A conversation that the gateway remembers. Times are milliseconds. */
export interface ConversationTable {
  id: string;
  /** Name of the inbound key that made it. */
  owner: string;
  /** The id by which its owner calls it; unique for each owner. */
  name: string;
  title: string;
  /** The model of its last turn, as the client named it. */
  model: string | null;
  created_at: number;
  used_at: number;
  turns: number;
  /** Of the bodies of its turns. */
  bytes: number;
  /** One more with each change: a writer who has not seen the last one is refused. */
  version: number;
  /** The fence of the lock under which it was written last. */
  fence: number;
  /** JSON: who served it last, the chat on the surface, the summary. */
  details: string;
}

/** One turn: what was asked and what was answered. */
export interface TurnTable {
  id: string;
  conversation: string;
  /** From 0, without gaps. */
  seq: number;
  at: number;
  /** `open`: not answered; `partial`: the answer was cut; `done`. */
  state: string;
  /** JSON of the messages, the answer and what is known of it. */
  body: string;
  /** The words of the messages in small letters, for searching. */
  words: string;
  bytes: number;
}
