import type { InputFile } from '@primatrix/prediction';
import type { SuggestionBasis } from '@primatrix/review-api';

/** What the process that suggests is started with. */
export interface SuggestSettings {
  /** Folder of the encoder. */
  readonly encoder: string;
  /** Where its vectors are kept, by clip. */
  readonly vectors: string;
  /** URL of the package whose dependencies the families are. */
  readonly families: string;
  readonly weightsDir: string;
  readonly threads: number;
}

/** A clip that is labelled, or that wants a suggestion. */
export interface SuggestClip {
  readonly id: string;
  readonly file: Pick<InputFile, 'filename' | 'path' | 'site'>;
  /** What a person said it shows; absent: nobody did. */
  readonly species?: readonly string[];
}

/** All clips, the labelled ones among them; a later request takes the place of the one before. */
export interface ToSuggest {
  readonly round: number;
  readonly clips: readonly SuggestClip[];
}

/** What a clip may show. */
export interface Suggestion {
  readonly species: string;
  readonly probability: number;
  /** Place in the order in which labelling clips teaches most, from 0. */
  readonly rank: number;
}

/** `failed` is the last word of a process that cannot go on; its message is for people. */
export type FromSuggest =
  | { readonly type: 'progress'; readonly round: number; readonly done: number; readonly all: number }
  | {
      readonly type: 'suggested';
      readonly round: number;
      readonly basis: SuggestionBasis;
      readonly suggestions: readonly (Suggestion & { readonly id: string })[];
    }
  /** All that was asked for is done. */
  | { readonly type: 'idle'; readonly round: number }
  | { readonly type: 'failed'; readonly message: string };
