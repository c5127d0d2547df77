/** Makes one buffer of pieces that have `size` bytes together. */
export type Join = (pieces: readonly Buffer[], size: number) => Buffer;

export const copiedTogether: Join = (pieces, size) =>
  pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, size);

/**
 * For pieces that a parser has cut out of what it read: nobody reads that again, so they are moved together where they
 * lie. A copy of each would count as memory outside the heap, for which V8 collects the whole heap again and again: a
 * third of all that a busy stream cost. Pieces that do not come from one read are copied.
 */
export const movedTogether: Join = (pieces, size) => {
  const [first] = pieces;
  if (first === undefined || pieces.length === 1 || !areOfOneRead(pieces, first)) return copiedTogether(pieces, size);
  const whole = Buffer.from(first.buffer, first.byteOffset, size);
  let at = first.length;
  for (let index = 1; index < pieces.length; index++) {
    const piece = pieces[index];
    if (piece === undefined) continue;
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

/** Whether they lie one behind the other in memory of their own: what lies between them in Node's pool is somebody else's. */
function areOfOneRead(pieces: readonly Buffer[], first: Buffer): boolean {
  const memory = first.buffer;
  if (memory.byteLength === Buffer.poolSize) return false;
  let end = 0;
  for (const piece of pieces) {
    if (piece.buffer !== memory || piece.byteOffset < end) return false;
    end = piece.byteOffset + piece.length;
  }
  return true;
}
