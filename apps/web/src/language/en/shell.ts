import { counts } from './counts.ts';
import { counted } from './formats.ts';

/** What all pages say: decisions and their undo, messages, dialogs. */
export const shell = {
  language: 'Language',
  loading: 'Loading…',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  noAnswer: 'the gateway does not answer: is primatrix serve still running?',
  reviewer: 'Reviewer',
  reviewerExample: 'your name, for exports',
  undo: 'Undo',
  closeMessage: 'Close this message',
  decided: (clips: string, what: string) => `${clips}: ${what}.`,
  noteSaved: (clips: string) => `Note saved for ${clips}.`,
  settingSaved: (clip: string) => `${clip}: site and time saved.`,
  withoutPrediction: (clips: number) => `${counts.clips(clips)} without a prediction: not changed.`,
  expectedWrong: (clips: string) => `About ${clips} of them will be wrong.`,
  lessThanOne: 'less than 1',
  nothingToUndo: 'There is no decision of yours to undo.',
  quoted: (text: string) => `“${text}”`,
  theNote: 'the note',
  theSetting: 'site, time or place',
  undone: (what: string, clips: number) => `Undone: ${what} for ${counts.clips(clips)}.`,
  decidedSince: (clips: number) => `${counts.clips(clips)} decided again since: not changed.`,
  restored: (clips: number) => `${counts.clips(clips)} restored.`,
  removed: (clips: number) => `${counts.clips(clips)} removed.`,
  removedAndDeleted: (clips: number, files: number) =>
    `${counts.clips(clips)} removed, ${counted(files, 'uploaded file', 'uploaded files')} deleted.`,
  againSoon: (clips: number) => `${counts.clips(clips)} will be analysed again.`,
};
