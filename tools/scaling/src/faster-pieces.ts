import type { MeasuredPart, Piece } from './measurements.ts';

/** By clip, the least time and the least processor time of both. */
export function fasterPieces(before: readonly (Piece | null)[], now: readonly (Piece | null)[]): (Piece | null)[] {
  return now.map((piece, clip) => {
    const other = before[clip] ?? piece;
    return piece === null || other === null
      ? null
      : {
          ...piece,
          seconds: Math.min(piece.seconds, other.seconds),
          cpuSeconds: Math.min(piece.cpuSeconds, other.cpuSeconds),
        };
  });
}

/** The same part, measured twice. */
export function fasterPart(before: MeasuredPart, now: MeasuredPart): MeasuredPart {
  return { ...now, rounds: before.rounds + now.rounds, pieces: fasterPieces(before.pieces, now.pieces) };
}
