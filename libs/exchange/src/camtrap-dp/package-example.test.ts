import { camtrapFaults, sharedData } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { labelsFromPackage } from './package-labels.ts';
import { readCamtrapPackage } from './read-package.ts';

const example = sharedData('camtrap-dp', 'example');
const schemas = sharedData('camtrap-dp');

describe.skipIf(example === undefined)("the standard's example package", () => {
  it('is valid by our checks, so they refuse nothing that they should not', async () => {
    expect(await camtrapFaults(example as string, schemas as string)).toEqual([]);
  });

  it('is read without loss of what is used: every medium, with what people saw, where and when', async () => {
    const { clips, warnings } = labelsFromPackage(await readCamtrapPackage(example as string));
    expect(clips).toHaveLength(423);
    expect(new Set(clips.map(({ filename }) => filename)).size).toBe(423);
    expect(new Set(clips.map(({ site }) => site)).size).toBe(4);
    expect(
      clips.every(({ time, coordinates }) => time?.source === 'package' && time.zone !== null && coordinates !== null),
    ).toBe(true);
    expect(clips[0]).toMatchObject({
      filename: '00a2c20d/20200709093328-RCNX0001.JPG',
      classes: ['Anas platyrhynchos'],
      time: { local: '2020-05-30T04:57:37', zone: '+02:00' },
      coordinates: { latitude: 51.496, longitude: 4.774 },
    });
    const classes = new Set(clips.flatMap((clip) => clip.classes));
    expect([...classes].sort()).toEqual([
      'Anas platyrhynchos',
      'Anas strepera',
      'Ardea cinerea',
      'Aves',
      'Martes foina',
      'Mustela putorius',
      'Rattus norvegicus',
      'Vulpes vulpes',
      'blank',
      'human',
      'vehicle',
    ]);
    expect(warnings.join('\n')).toMatch(/22 observations by machines/);
  });
});
