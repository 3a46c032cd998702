import { builtInTaxa } from '@primatrix/exchange';
import { csvLine } from '@primatrix/files';
import type { Observation } from '@primatrix/review-api';
import type { ClipRow } from '../clips/clip-row.ts';
import { capturedText } from '../clips/clip-times.ts';

const header = [
  'filename',
  'site',
  'captured_at',
  'species',
  'scientific_name',
  'count',
  'life_stage',
  'sex',
  'behaviour',
  'from_seconds',
  'to_seconds',
  'observation_note',
  'method',
  'probability',
  'decided_by',
  'decided_at',
  'clip_note',
] as const;

type Cells = Readonly<Partial<Record<(typeof header)[number], string | number>>>;

/**
 * Lines of `observations.csv`: animals of one kind a row. `method` is `human` where a person decided, and `machine` where the
 * most probable class stands for it; clips about which somebody is unsure, or nothing is known, have a row without a species.
 */
export function* observationTable(rows: Iterable<ClipRow>, classes: readonly string[]): Iterable<string> {
  yield csvLine(header);
  for (const row of rows) {
    const { filename, site, note } = row;
    const clip: Cells = {
      filename,
      site: site ?? '',
      captured_at: capturedText(row),
      clip_note: note,
    };
    for (const cells of observed(row, classes)) {
      yield csvLine(header.map((name) => ({ ...clip, ...cells })[name] ?? ''));
    }
  }
}

function observed({ review, top, confidence }: ClipRow, classes: readonly string[]): Cells[] {
  if (review === null) {
    return top < 0 ? [{}] : [{ ...named(classes[top] ?? ''), method: 'machine', probability: confidence }];
  }
  const decided: Cells = { method: 'human', decided_by: review.by ?? '', decided_at: review.at };
  if (review.species.length === 0) return [decided];
  return review.species.flatMap((name) => {
    const seen = (review.observations ?? []).filter(({ species }) => species === name);
    return (seen.length === 0 ? [{ species: name }] : seen).map((one) => ({
      ...named(name),
      ...animals(one),
      ...decided,
    }));
  });
}

function named(species: string): Cells {
  return { species, scientific_name: builtInTaxa.of(species).scientificName ?? '' };
}

function animals({ count, lifeStage, sex, behaviour, from, to, note }: Observation): Cells {
  return {
    count: count ?? '',
    life_stage: lifeStage ?? '',
    sex: sex ?? '',
    behaviour: behaviour ?? '',
    from_seconds: from ?? '',
    to_seconds: to ?? '',
    observation_note: note ?? '',
  };
}
