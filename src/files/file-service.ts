import { Readable } from 'node:stream';
import { GatewayError } from '../errors.ts';
import { peek } from '../stream/peek.ts';
import type { Place } from '../upstreams/adapter.ts';
import type { HttpReply } from '../upstreams/http-call.ts';
import { callJsonResource, callResource } from '../upstreams/platform-resources.ts';
import type { Surface } from '../upstreams/surface.ts';
import type { LineRepair } from './batch-lines.ts';
import type { Caller } from './caller.ts';
import type { Keeper, Resource } from './keeper.ts';
import { type ListQuery, mergedList } from './merged-list.ts';
import { toOpenAiFile } from './repair-resource.ts';
import { UploadForm } from './upload-form.ts';

export interface Upload {
  /** As the client sent it. */
  readonly contentType: string;
  readonly boundary: string;
  /** As the client declared it. */
  readonly length: number | undefined;
  readonly body: AsyncIterable<Buffer>;
  /** Refuse to repair the lines of a batch. */
  readonly strict?: boolean;
  /** The client knows no purposes: what the file is decides. */
  readonly purposeless?: boolean;
}

/** What becomes of the lines of a batch that is uploaded to this surface; undefined: they stay as they are. */
export type LineRepairs = (surface: Surface, owner: string, strict: boolean) => LineRepair | undefined;

/** What an answer says besides its body. */
export interface Told<T> {
  readonly body: T;
  readonly place?: Place;
  readonly notes: readonly string[];
}

/** A form of this size is kept until it is stored, so that another account can be tried with it. */
const KEPT_BYTES = 1024 * 1024;
const READING = { objectMode: false, highWaterMark: 64 * 1024 };
/** Node gives a request five minutes to arrive. */
const UPLOAD_MS = 5 * 60_000;

/** The files of all accounts as one shelf. */
export class FileService {
  readonly keeper: Keeper;
  readonly #fileBytes: number;
  readonly #lineRepairs: LineRepairs;

  constructor(keeper: Keeper, fileBytes: number, lineRepairs: LineRepairs) {
    this.keeper = keeper;
    this.#fileBytes = fileBytes;
    this.#lineRepairs = lineRepairs;
  }

  /** The largest body of an upload: the file and what a form puts around it. */
  get bodyBytes(): number {
    return this.#fileBytes + 256 * 1024;
  }

  async upload(upload: Upload, caller: Caller): Promise<Told<Resource>> {
    const places = this.keeper.accounts.some(caller);
    const [first] = places;
    const { boundary, purposeless = false, strict = false } = upload;
    const repairLine = first && this.#lineRepairs(first.surface, caller.owner, strict);
    const form = new UploadForm(boundary, { fileBytes: this.#fileBytes, purposeless }, repairLine);
    const peeked = await peek(form.pass(upload.body), KEPT_BYTES);
    // Once a stream is on its way nothing may change its length any more.
    const length = form.fixedLength(upload.length);
    const notes: string[] = [];
    for (const [index, place] of places.entries()) {
      try {
        const body = 'whole' in peeked ? peeked.whole : Readable.from(peeked.rest, READING);
        const stored = await this.keeper.accounts.call(place, (asked) =>
          this.#send(asked, body, { ...upload, length }),
        );
        // Some of the vendor's pages show a file without its purpose.
        const file = { purpose: form.purpose, ...stored };
        await this.keeper.made(place, file, caller);
        return { body: toOpenAiFile(file), place, notes: [...notes, ...form.notes()] };
      } catch (thrown) {
        const error = causeOf(thrown, caller);
        if (!('whole' in peeked) || index === places.length - 1 || !storedNothing(error)) throw error;
        notes.push(`${place.surface.id} ${place.credential.id}: ${error.code}`);
      }
    }
    throw new GatewayError('internal');
  }

  async list(query: ListQuery, caller: Caller): Promise<Told<Resource>> {
    const { body, missing } = await mergedList('files', this.keeper, query, caller);
    const data = body['data'] as readonly Resource[];
    return { body: { ...body, data: data.map(toOpenAiFile) }, notes: missing };
  }

  async show(id: string, caller: Caller): Promise<Told<Resource>> {
    const { place } = await this.keeper.locate('files', id, caller);
    const file = await this.#ask(place, id, (asked) => callJsonResource(asked, { method: 'GET', path: pathOf(id) }));
    return { body: toOpenAiFile(file), place, notes: [] };
  }

  async remove(id: string, caller: Caller): Promise<Told<Resource>> {
    const { place } = await this.keeper.locate('files', id, caller);
    const body = await this.#ask(place, id, (asked) => callJsonResource(asked, { method: 'DELETE', path: pathOf(id) }));
    await this.keeper.gone(id);
    return { body, place, notes: [] };
  }

  /** The text of a file, or the file itself where it is a batch's. */
  async content(id: string, caller: Caller): Promise<Told<HttpReply>> {
    const { place } = await this.keeper.locate('files', id, caller);
    const body = await this.#ask(place, id, (asked) =>
      callResource(asked, { method: 'GET', path: `${pathOf(id)}/content` }),
    );
    return { body, place, notes: [] };
  }

  #send(place: Place, body: Buffer | Readable, { contentType, length }: Upload): Promise<Resource> {
    return callJsonResource(place, {
      method: 'POST',
      path: '/files',
      headers: {
        'content-type': contentType,
        // A buffer has its own.
        ...(length === undefined || Buffer.isBuffer(body) ? {} : { 'content-length': String(length) }),
      },
      body,
      uploadMs: UPLOAD_MS,
    });
  }

  /** A file that was deleted behind our back is not remembered. */
  async #ask<T>(place: Place, id: string, work: (place: Place) => Promise<T>): Promise<T> {
    try {
      return await this.keeper.accounts.call(place, work);
    } catch (thrown) {
      if (GatewayError.from(thrown).code === 'resource_not_found') await this.keeper.gone(id);
      throw thrown;
    }
  }
}

/** What breaks the client's stream breaks the call to the surface, whose own words then say less. */
function causeOf(thrown: unknown, { signal }: Caller): GatewayError {
  const error = GatewayError.from(thrown);
  if (signal.aborted) return new GatewayError('client_closed');
  return error.cause instanceof GatewayError ? error.cause : error;
}

/** Refused before anything was stored: the same form may go to another account. */
function storedNothing({ row, code }: GatewayError): boolean {
  const refused = ['rate_limited', 'overloaded', 'concurrency_limited', 'upstream_unreachable', 'all_resting'];
  return row.retry === 'elsewhere' || refused.includes(code);
}

const pathOf = (id: string) => `/files/${encodeURIComponent(id)}`;
