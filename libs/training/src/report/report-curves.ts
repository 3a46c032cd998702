import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LearningCurve } from '@primatrix/report';

/** Reads a net's `history.csv`. */
export async function reportCurve(artifacts: string, net: string): Promise<LearningCurve> {
  const lines = (await readFile(join(artifacts, `nets/${net}/history.csv`), 'utf8')).trimEnd().split('\n').slice(1);
  const rows = lines.map(
    (line) => line.split(',').map(Number) as [fold: number, epoch: number, loss: number, validLoss: number],
  );
  const folds = [...new Set(rows.map(([fold]) => fold))];
  return {
    net,
    folds: folds.map((fold) => ({
      fold,
      epochs: rows.filter((row) => row[0] === fold).map(([, epoch, loss, validLoss]) => ({ epoch, loss, validLoss })),
    })),
  };
}
