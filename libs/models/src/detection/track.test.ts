import { describe, expect, it } from 'vitest';
import type { Label } from '../folder/labels.ts';
import { detectionColumns, groupOfTrack } from './detection-columns.ts';
import type { Detection } from './detection.ts';
import { planLooks } from './look-plan.ts';
import { linkTracks } from './track.ts';

const label = (name: string, group: Label['group']): Label => ({ name, group, scientificName: null, taxonRank: null });
const labels = [label('person', 'person'), label('bear', 'animal'), label('bench', 'other')];
const box = (frame: number, left: number, rest: Partial<Detection> = {}): Detection => ({
  frame,
  left,
  top: 0.4,
  right: left + 0.2,
  bottom: 0.6,
  score: 0.8,
  label: 1,
  ...rest,
});

describe('linkTracks', () => {
  it('follows two animals that walk past each other', () => {
    const looks = [0, 25, 50];
    const found = looks.flatMap((frame, i) => [
      box(frame, 0.05 + 0.15 * i, { top: 0.1, bottom: 0.3 }),
      box(frame, 0.75 - 0.15 * i, { top: 0.7, bottom: 0.9 }),
    ]);
    const tracks = linkTracks(found, looks, 0.45);
    expect(tracks.map(({ boxes }) => boxes.map(({ frame }) => frame))).toEqual([looks, looks]);
    expect(tracks.map(({ boxes }) => new Set(boxes.map(({ top }) => top)).size)).toEqual([1, 1]);
  });

  it('takes boxes of several classes on one animal for one thing', () => {
    const tracks = linkTracks([box(0, 0.1, { label: 0, score: 0.5 }), box(0, 0.11), box(25, 0.12)], [0, 25], 0.45);
    expect(tracks).toHaveLength(1);
    expect(groupOfTrack(tracks[0] as (typeof tracks)[number], labels)).toBe('animal');
  });

  it('bridges two looks without a box, and no more', () => {
    const looks = [0, 1, 2, 3, 4];
    expect(linkTracks([box(0, 0.1), box(3, 0.1)], looks, 0.45)).toHaveLength(1);
    expect(linkTracks([box(0, 0.1), box(4, 0.1)], looks, 0.45)).toHaveLength(2);
  });

  it('does not take something far away for the same', () => {
    expect(linkTracks([box(0, 0), box(1, 0.79)], [0, 1], 0.45)).toHaveLength(2);
  });
});

describe('detectionColumns', () => {
  it('says how much, how large, how far, how many and when', () => {
    const looks = [0, 25, 50, 75];
    const found = [box(25, 0.1), box(50, 0.2), box(50, 0.7, { score: 0.4 })];
    const row = detectionColumns(linkTracks(found, looks, 0.45), looks, labels, 25);
    expect(row).toMatchObject({ animal_score: 0.8, animal_share: 0.5, animal_most: 2, animal_first: 1 });
    expect(row['animal_tracks']).toBeCloseTo(0.6);
    expect(row['animal_area']).toBeCloseTo(0.04);
    expect(row['animal_path']).toBeCloseTo(0.1 / Math.SQRT2 / 3);
    expect(row).toMatchObject({ person_score: 0, person_share: 0, person_most: 0, person_area: Number.NaN });
    // The model knows no vehicle: nothing is said of them.
    expect(Object.keys(row).filter((name) => name.startsWith('vehicle'))).toEqual([]);
  });
});

describe('planLooks', () => {
  const chosen = (plan: Parameters<typeof planLooks>[0], clip: Parameters<typeof planLooks>[1]) => {
    const wants = planLooks(plan, clip);
    return Array.from({ length: 2000 }, (_, i) => i).filter(wants);
  };
  it('looks once a second, and never outside the clip', () => {
    expect(chosen({ every: 1, looks: 60 }, { frames: 100, fps: 30 })).toEqual([0, 30, 60, 90]);
    expect(chosen({ every: 1, looks: 60 }, { frames: 1, fps: null })).toEqual([0]);
  });
  it('spreads its looks over a clip that is too long for them', () => {
    expect(chosen({ every: 1, looks: 4 }, { frames: 1000, fps: 10 })).toEqual([0, 250, 500, 750]);
  });
  it('looks at a clip of unknown length from its start', () => {
    expect(chosen({ every: 1, looks: 3 }, { frames: null, fps: null })).toEqual([0, 25, 50]);
  });
});
