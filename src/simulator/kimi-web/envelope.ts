/** Frames of the Connect protocol: a byte of flags, four of length, the payload (npm `@connectrpc/connect` 2.2.0). */

export const COMPRESSED = 0x01;
export const END_OF_STREAM = 0x02;

export function frame(payload: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

/** The payload of the one frame that a request body must be; undefined for anything else. */
export function onlyPayload(body: Buffer): Buffer | undefined {
  if (body.length < 5 || (body.readUInt8(0) & END_OF_STREAM) !== 0) return undefined;
  return body.readUInt32BE(1) === body.length - 5 ? body.subarray(5) : undefined;
}
