import { candidates, type Program } from '../syntax/program.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import { type Client, findClients } from './clients.ts';
import type { Option } from './options.ts';
import { type EndpointCall, findMissingEndpoints, findRequests, type Request } from './requests.ts';
import { type ChunkLoop, findChunkLoops } from './streams.ts';

/** What a file does with OpenAI's API: what the checks look at. */
export interface OpenAiCode {
  readonly program: Program;
  readonly file: SourceFile;
  readonly clients: readonly Client[];
  readonly requests: readonly Request[];
  readonly chunkLoops: readonly ChunkLoop[];
  readonly missingEndpoints: readonly EndpointCall[];
  /** The base address that fixes write. */
  readonly baseUrl: string;
}

export function readOpenAiCode(program: Program, baseUrl: string): OpenAiCode {
  const clients = findClients(program);
  const requests = findRequests(program, clients);
  return {
    program,
    file: program.file,
    clients,
    requests,
    baseUrl,
    chunkLoops: findChunkLoops(program, requests),
    missingEndpoints: findMissingEndpoints(program, clients),
  };
}

/** Every number that an option may be. */
export function numbersOf({ program }: OpenAiCode, option: Option): readonly number[] {
  return candidates(program, option.value).flatMap((value) => (value.kind === 'number' ? [value.value] : []));
}

/** Every text that an option may be, with its place. */
export function textsOf({ program }: OpenAiCode, option: Option) {
  return candidates(program, option.value).filter((value) => value.kind === 'text');
}
