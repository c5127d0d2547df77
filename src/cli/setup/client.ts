import type { FormatName } from '../edit/format.ts';
import type { WantedMap } from '../edit/wanted.ts';
import type { Phrase } from '../language.ts';

/** A program or library that can be pointed at a gateway: what it reads, and what that should say. */
export interface Client {
  readonly id: string;
  readonly title: string;
  readonly protocol: 'chat' | 'responses' | 'messages';
  /** The name it asks for unless --model says another; an alias is served by whatever surface there is. */
  readonly model: string | ((gateway: Pick<Gateway, 'serves'>) => string);
  /** Where its file and its settings were seen, and when. */
  readonly source: string;
  readonly file?: ClientFile;
  /** What its file should say. Without `file.folder` only --file tells where that is. */
  readonly settings?: (gateway: Gateway) => WantedMap;
  /** The part of the settings that chooses the model, for `moongate models set`. */
  readonly modelSettings?: (gateway: Gateway) => WantedMap;
  /** What to copy where there is no file to merge into: code, a command, fields of a form. */
  readonly snippet?: (gateway: Gateway) => string;
  /** What remains to be done, and what to know. */
  readonly advice: (gateway: Gateway) => readonly Phrase[];
}

export interface ClientFile {
  readonly format: FormatName;
  /** Where it lies, by the home folder; undefined where every owner has their own place. */
  readonly folder?: string;
  /** Moves the folder. */
  readonly variable?: string;
  /** Below the folder, whatever moved it. */
  readonly inside?: string;
  /** The first that exists; else the first is made. */
  readonly names: readonly string[];
}

/** What a client is told of the gateway. */
export interface Gateway {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  /** The same with /v1, as most clients want it. */
  readonly base: string;
  /** What the client sends as its API key. */
  readonly key: string;
  /** The gateway asks for a key; else any text does. */
  readonly needsKey: boolean;
  readonly model: string;
  /** Whether a surface of the kind has a credential here, as far as the configuration tells. */
  readonly serves: { readonly platform: boolean; readonly coding: boolean };
}
