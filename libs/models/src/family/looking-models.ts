import type { ClipHeard, Tensor } from '@primatrix/contracts';
import type { FeatureExtractor } from '@primatrix/families';
import { groupOfTrack, shownGroups } from '../detection/detection-columns.ts';
import type { Track } from '../detection/track.ts';
import type { Label, LabelGroup } from '../folder/labels.ts';
import type { CardOf, ModelCard } from '../folder/model-card.ts';
import type { DetectorFolder, ModelFolder } from '../folder/model-folder.ts';
import { licenceCaution, modelFacts, modelName } from '../folder/model-identity.ts';
import { ModelError } from '../model-error.ts';
import type { ModelLimits } from '../runtime/model-process.ts';
import { openModel, type OpenModel } from '../runtime/open-model.ts';
import { openSoundModel, type OpenSoundModel } from '../runtime/open-sound-model.ts';
import { heardSounds } from '../sound/heard-sounds.ts';
import { hearingPlan, windowTimes } from '../sound/sound-windows.ts';
import { DetectorPass, detectorSettings, type CropClassifier, type SeenClip } from './detector.ts';
import { picturePass } from './picture-pass.ts';
import { classReader, type RowReader } from './row-readers.ts';
import { soundPass } from './sound-pass.ts';

type ClassifierFolder = ModelFolder<CardOf<'image-classifier'>>;
type HearerFolder = ModelFolder<CardOf<'sound-classifier'>>;

/** A clip being looked at, or listened to; what it came to is there once its extraction has finished. */
export interface ClipLook extends Pick<FeatureExtractor, 'pixels' | 'sound' | 'start'> {
  /** [classes] of {@link LookingModels.classes}, 0 to 1. */
  probabilities(): readonly number[];
  /** What the detector saw; undefined where there is none. */
  readonly seen: SeenClip | undefined;
}

/** A clip being listened to beside what looks at it. */
export interface ClipListening extends Pick<FeatureExtractor, 'pixels' | 'sound' | 'start'> {
  /** What was heard, once the extraction has finished; undefined where there was no sound. */
  readonly heard: ClipHeard | undefined;
}

/** Frames of a clip that a classifier without a detector looks at. */
const wholeFrames = { every: 10, maxFrames: 30 };

/** An opened detector, a classifier, or both; or a classifier of sound. */
interface Parts {
  readonly detector?: { readonly folder: DetectorFolder; readonly model: OpenModel };
  readonly classifier?: { readonly folder: ClassifierFolder; readonly model: OpenModel; readonly reader: RowReader };
  readonly hearer?: { readonly folder: HearerFolder; readonly model: OpenSoundModel; readonly reader: RowReader };
}

/**
 * A detector, a classifier, or both, that say what is in clips without any training of ours; or a classifier of sound. Beside what looks, a
 * classifier of sound tells what is heard: that is no part of the probabilities, as nobody has learnt what a sound says of a picture.
 */
export class LookingModels {
  /** What is said of a clip, in this order. */
  readonly classes: readonly string[];
  readonly #parts: Parts;
  readonly #looks: number | undefined;

  private constructor(parts: Parts, looks?: number) {
    this.#parts = parts;
    this.#looks = looks;
    const { detector, classifier, hearer } = parts;
    this.classes = classesOf({
      detector: detector?.folder,
      classifier: classifier?.folder,
      hearer: hearer?.folder,
    });
  }

  /**
   * Opens models, each in a process of its own.
   * @param options of the processes; and frames of a clip that a detector looks at, at most, evenly spread (default: 60)
   * @throws ModelError MODEL_TOGETHER where they do not go together, MODEL_RUN where one does not load
   */
  static async open(
    folders: readonly ModelFolder[],
    { limits, looks }: { readonly limits?: ModelLimits; readonly looks?: number | undefined } = {},
  ): Promise<LookingModels> {
    const { detector, classifier, hearer } = sorted(folders);
    const opened: { -readonly [Part in keyof Parts]: Parts[Part] & {} } = {};
    try {
      if (detector !== undefined) opened.detector = { folder: detector, model: await openModel(detector, limits) };
      if (classifier !== undefined) {
        const reader = classReader(classifier.card, classifier.labels);
        opened.classifier = { folder: classifier, model: await openModel(classifier, limits), reader };
      }
      if (hearer !== undefined) {
        const reader = classReader(hearer.card, hearer.labels);
        opened.hearer = { folder: hearer, model: await openSoundModel(hearer, limits), reader };
      }
      return new LookingModels(opened, looks);
    } catch (error) {
      new LookingModels(opened).dispose();
      throw error;
    }
  }

  /** Identifies what is said of a clip: results of another key are not comparable. */
  get key(): readonly unknown[] {
    return keyOf(this.#folders(), this.#looks);
  }

  /** Names, versions and licences: `yolox-nano 1.0.0 (Apache-2.0)`. */
  get names(): readonly string[] {
    return this.#folders().map(modelName);
  }

  /** Name and version of the detector; empty where there is none. */
  get detector(): string {
    const { detector } = this.#parts;
    return detector === undefined ? '' : `${detector.folder.card.name} ${detector.folder.card.version}`;
  }

  /** What must be said wherever results are shown. */
  get warnings(): readonly string[] {
    const { detector, classifier, hearer } = this.#parts;
    return [
      `made by ${this.names.join(' and ')}: scores are the models' own, not calibrated on these cameras`,
      ...(hearer === undefined || (detector ?? classifier) === undefined
        ? []
        : [`sounds of ${hearer.folder.card.name} are told beside the probabilities, and are no part of them`]),
      ...(this.#looks === undefined
        ? []
        : [`at most ${this.#looks} frames of each clip were looked at: what shows for a short time can be missing`]),
      ...this.#folders().flatMap((folder) => licenceCaution(folder) ?? []),
    ];
  }

  /** What a track is: its group, and a name; the classifier's where one looked, else the detector's. */
  describe(track: Track): { readonly group: LabelGroup; readonly name: string } {
    const { detector, classifier } = this.#parts;
    const labels = detector?.folder.labels ?? [];
    const group = groupOfTrack(track, labels);
    const classes = meanClasses(track);
    if (classes !== undefined && group === 'animal') {
      return { group, name: classifier?.folder.labels[indexOfHighest(classes)]?.name ?? '' };
    }
    const best = track.boxes
      .filter(({ label }) => labels[label]?.group === group)
      .reduce((a, b) => (b.score > a.score ? b : a));
    return { group, name: labels[best.label]?.name ?? '' };
  }

  /** Starts to look at one clip. */
  look(): ClipLook {
    const { detector, classifier, hearer } = this.#parts;
    if (detector !== undefined) return this.#detectorLook(detector);
    return classifier === undefined ? soundLook(hearer as Parts['hearer'] & {}) : wholeFrameLook(classifier);
  }

  /** Starts to listen to one clip beside {@link look}; undefined where nothing looks, or nothing listens. */
  listen(): ClipListening | undefined {
    const { detector, classifier, hearer } = this.#parts;
    return hearer === undefined || (detector ?? classifier) === undefined ? undefined : listening(hearer);
  }

  dispose(): void {
    this.#parts.detector?.model.dispose();
    this.#parts.classifier?.model.dispose();
    this.#parts.hearer?.model.dispose();
  }

  #folders(): ModelFolder[] {
    const { detector, classifier, hearer } = this.#parts;
    return [detector, classifier, hearer].flatMap((part) => (part === undefined ? [] : [part.folder]));
  }

  #detectorLook({ folder, model }: Parts['detector'] & {}): ClipLook {
    const classify = cropClassifier(this.#parts.classifier);
    const usual = detectorSettings(folder);
    const settings = { ...usual, looks: Math.min(usual.looks, this.#looks ?? usual.looks) };
    let pass: DetectorPass | undefined;
    return {
      pixels: 'color',
      start: (clip) => (pass = new DetectorPass(model, folder, settings, clip, classify)),
      probabilities: () => this.#detectedProbabilities((pass as DetectorPass).seen()),
      get seen() {
        return pass?.seen();
      },
    };
  }

  #detectedProbabilities({ tracks }: SeenClip): number[] {
    const { detector, classifier } = this.#parts;
    const labels = detector?.folder.labels ?? [];
    const highest = new Map<string, number>();
    const raise = (name: string, score: number) => highest.set(name, Math.max(highest.get(name) ?? 0, score));
    for (const track of tracks) {
      for (const { label, score } of track.boxes) raise((labels[label] as Label).group, score);
      const classes = meanClasses(track);
      if (classifier === undefined || classes === undefined || groupOfTrack(track, labels) !== 'animal') continue;
      const best = Math.max(...track.boxes.map(({ score }) => score));
      classifier.folder.labels.forEach(({ name, group }, i) => {
        if (group === 'animal') raise(name, best * (classes[i] as number));
      });
    }
    const something = Math.max(0, ...shownGroups.map((group) => highest.get(group) ?? 0));
    return this.classes.map((name) => (name === 'blank' ? 1 - something : (highest.get(name) ?? 0)));
  }
}

/** Of a class its mean over the frames that were looked at. */
function wholeFrameLook({ model, reader, folder }: Parts['classifier'] & {}): ClipLook {
  const start: FeatureExtractor['start'] = ({ frames }) => picturePass(model, reader, wholeFrames, frames);
  return classLook({ pixels: 'color', start }, folder.labels, 'mean');
}

/** Of a class its highest score: a call of a second is a sound of the clip, however long it is silent around it. */
function soundLook({ model, reader, folder }: Parts['hearer'] & {}): ClipLook {
  const { input } = folder.card;
  const start: FeatureExtractor['start'] = () => soundPass(model, reader, input, hearingPlan(input));
  return classLook({ pixels: 'none', sound: { sampleRate: input.rate }, start }, folder.labels, 'highest');
}

/** What is heard, with times. */
function listening({ model, reader, folder }: Parts['hearer'] & {}): ClipListening {
  const { card, labels } = folder;
  const plan = hearingPlan(card.input);
  let samples = 0;
  let sounds: ClipHeard['sounds'] | undefined;
  return {
    pixels: 'none',
    sound: { sampleRate: card.input.rate },
    start: () => {
      const pass = soundPass(model, reader, card.input, plan);
      return {
        ...pass,
        listen: (heard) => {
          samples = heard.length;
          return pass.listen?.(heard);
        },
        finish: async () => {
          const { tensor } = await pass.finish();
          const rows = rowsOf(tensor);
          sounds = heardSounds(rows, windowTimes(samples, card.input, plan), labels);
          return { tensor, row: {} };
        },
      };
    },
    get heard() {
      return sounds === undefined ? undefined : { model: `${card.name} ${card.version}`, sounds };
    },
  };
}

function rowsOf({ shape: [rows = 0, width = 0], data }: Tensor): Float32Array[] {
  return Array.from({ length: rows }, (_, i) => (data as Float32Array).subarray(i * width, (i + 1) * width));
}

function classLook(
  { start, ...needs }: Pick<ClipLook, 'pixels' | 'sound' | 'start'>,
  labels: readonly Label[],
  statistic: 'mean' | 'highest',
): ClipLook {
  let row: Readonly<Record<string, number>> = {};
  return {
    ...needs,
    start: (clip) => {
      const pass = start(clip);
      return {
        ...pass,
        finish: async () => {
          const features = await pass.finish();
          row = features.row;
          return features;
        },
      };
    },
    probabilities: () => labels.map(({ name }) => row[`${name}_${statistic}`] ?? 0),
    seen: undefined,
  };
}

function cropClassifier(classifier: Parts['classifier']): CropClassifier | undefined {
  if (classifier === undefined) return undefined;
  return async (crop) => {
    const { outputs } = await classifier.model.run([crop]);
    return classifier.reader.read(outputs, 1)[0] as Float32Array;
  };
}

/**
 * What models will say of clips, without opening them: their classes, and what identifies it.
 * @param looks see {@link LookingModels.open}
 * @throws ModelError MODEL_TOGETHER where they do not go together
 */
export function lookingFacts(folders: readonly ModelFolder[], looks?: number): Pick<LookingModels, 'classes' | 'key'> {
  const found = sorted(folders);
  const used = [found.detector, found.classifier, found.hearer].filter((folder) => folder !== undefined);
  return { classes: classesOf(found), key: keyOf(used, looks) };
}

/** With the usual number of looks it is what it was before there was a choice: predictions of then stay. */
function keyOf(folders: readonly ModelFolder[], looks: number | undefined): readonly unknown[] {
  return [...folders.map(modelFacts), ...(looks === undefined ? [] : [{ looks }])];
}

/** Blank first, then the groups that the detector knows, then the classifier's animals; or a classifier's classes alone. */
function classesOf({ detector, classifier, hearer }: SortedFolders): string[] {
  const names = (classifier ?? (detector === undefined ? hearer : undefined))?.labels ?? [];
  if (detector === undefined) return names.map(({ name }) => name);
  const known = new Set(detector.labels.map(({ group }) => group));
  const groups = ['blank', ...shownGroups.filter((group) => known.has(group))];
  const own = names.filter(({ group, name }) => group === 'animal' && !groups.includes(name));
  return [...groups, ...own.map(({ name }) => name)];
}

interface SortedFolders {
  detector?: DetectorFolder | undefined;
  classifier?: ClassifierFolder | undefined;
  hearer?: HearerFolder | undefined;
}

const placeOf = {
  detector: 'detector',
  'image-classifier': 'classifier',
  'sound-classifier': 'hearer',
} as const satisfies Partial<Record<ModelCard['kind'], keyof SortedFolders>>;

function sorted(folders: readonly ModelFolder[]): SortedFolders {
  const found: SortedFolders = {};
  for (const folder of folders) {
    const { card } = folder;
    if (card.kind === 'image-encoder' || card.kind === 'sound-encoder') {
      throw new ModelError('MODEL_TOGETHER', `${card.name} is an encoder, and says nothing of a clip by itself`, {
        hint: 'name a detector or a classifier',
      });
    }
    const place = placeOf[card.kind];
    if (found[place] !== undefined) {
      throw new ModelError(
        'MODEL_TOGETHER',
        `${found[place].card.name} and ${card.name} are both of the kind ${card.kind}, and one is wanted`,
      );
    }
    if (card.kind === 'detector') found.detector = { ...folder, card };
    else if (card.kind === 'image-classifier') found.classifier = { ...folder, card };
    else found.hearer = { ...folder, card };
  }
  if (Object.keys(found).length === 0) {
    throw new ModelError('MODEL_TOGETHER', 'at least one model must be named');
  }
  return found;
}

/** The classifier's probabilities, averaged over the crops of a track; undefined where none was looked at. */
function meanClasses({ boxes }: Track): Float64Array | undefined {
  const looked = boxes.flatMap(({ classes }) => (classes === undefined ? [] : [classes]));
  const [first] = looked;
  if (first === undefined) return undefined;
  return Float64Array.from(first, (_, i) => looked.reduce((sum, row) => sum + (row[i] as number), 0) / looked.length);
}

function indexOfHighest(values: Float64Array): number {
  return values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
}
