import { sampleClasses } from './animals/species.ts';
import { describeClip } from './describe.ts';
import { countClasses, type ClipPlan } from './plan.ts';

function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.join(',')}\n`).join('');
}

function labelRow(plan: ClipPlan): (string | number)[] {
  return [plan.file, ...sampleClasses.map((name) => (plan.labels.includes(name) ? 1 : 0))];
}

/** The tables and words beside the clips, by file name: text, ending in a line feed. */
export function sampleTables(plans: readonly ClipPlan[], seed: number): Readonly<Record<string, string>> {
  const header = ['filename', ...sampleClasses];
  const of = (split: ClipPlan['split']): ClipPlan[] => plans.filter((plan) => plan.split === split);
  return {
    'train_labels.csv': csv([header, ...of('train').map(labelRow)]),
    'test_labels.csv': csv([header, ...of('test').map(labelRow)]),
    'submission_format.csv': csv([header, ...of('test').map((plan) => [plan.file, ...sampleClasses.map(() => 0)])]),
    'clips.csv': csv([
      ['filename', 'site', 'captured_at'],
      ...plans.map((plan) => [plan.file, plan.site, plan.capturedAt]),
    ]),
    'README.txt': readme(plans, seed),
  };
}

function readme(plans: readonly ClipPlan[], seed: number): string {
  const count = (split: ClipPlan['split']): number => plans.filter((plan) => plan.split === split).length;
  const classes = Object.entries(countClasses(plans)).map(([name, clips]) => `${name} ${clips}`);
  const spoilt = plans.filter((plan) => plan.damage !== 'none').map((plan) => `  ${plan.file}  ${describeClip(plan)}`);
  return `SYNTHETIC DATA. Every picture and sound here was drawn by a program (seed ${seed}, ${plans.length} clips).
No animal, person or place is real. Use it to try the pipeline, not to judge how well it knows nature.

clips/                 the clips: H.264 + AAC in MP4, some MPEG-4 + PCM in AVI
train_labels.csv       ${count('train')} labelled clips, one 0/1 column a class
submission_format.csv  ${count('test')} test clips; test_labels.csv holds their truth, for scoring only
clips.csv              site and capture time (UTC) of every clip
Clips in no label table (${count('other')}) are unlabelled.

Clips by class: ${classes.join(', ')}.
Clips of one visit (same site, same animals, minutes apart) are never divided between training and test:
near copies on both sides would flatter the score.

Spoilt on purpose:
${spoilt.join('\n')}
`;
}
