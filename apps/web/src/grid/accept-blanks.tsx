import { useEffect, useState, type FormEvent } from 'react';
import type { ClipChoice } from '@primatrix/review-api';
import { api } from '../shell/api.ts';
import { aboutWrong, decideMany } from '../shell/decisions.ts';
import { DialogEnd } from '../shell/dialog-end.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { withFilter } from '../shell/use-route.ts';
import { say } from '../language/language.ts';
import { percent } from '../shell/words.ts';

/** Least certainty to begin with, percent. */
const usual = 95;

/** Accepts all sure blanks of a filter at once, after saying how many of them will be wrong. */
export function AcceptBlanks({ filter, onClose }: { readonly filter: string; readonly onClose: () => void }) {
  const [least, setLeast] = useState(usual);
  const [found, setFound] = useState<ClipChoice | null>(null);
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    let left = false;
    setFound(null);
    const blanks = withFilter(filter, {
      blank: 'only',
      review: 'open',
      minConfidence: String(least / 100),
      maxConfidence: '',
      sort: '',
      descending: '',
    });
    api.clipIds(blanks).then(
      (choice) => !left && setFound(choice),
      (error: Error) => !left && setTrouble(error.message),
    );
    return () => void (left = true);
  }, [filter, least]);
  const accept = (close: () => void) => (event: FormEvent) => {
    event.preventDefault();
    if (found === null || found.ids.length === 0) return;
    decideMany(found.ids, { decision: 'accepted' }).then(close, (error: Error) => setTrouble(error.message));
  };
  const clips = found?.ids.length ?? 0;
  return (
    <Dialog title={say.grid.blanks.title} onClose={onClose}>
      {(close) => (
        <form className="asked" onSubmit={accept(close)}>
          <label>
            {say.grid.blanks.least(percent(least / 100))}
            <input
              type="range"
              min={50}
              max={99}
              value={least}
              autoFocus
              onChange={(event) => setLeast(Number(event.target.value))}
              aria-valuetext={percent(least / 100)}
            />
          </label>
          <p role="status">{found === null ? say.grid.blanks.counting : sayOf(found)}</p>
          {filter !== '' && <p className="hint">{say.grid.blanks.ofFilters}</p>}
          <DialogEnd does={say.grid.blanks.accept(clips)} trouble={trouble} disabled={clips === 0} onCancel={close} />
        </form>
      )}
    </Dialog>
  );
}

function sayOf({ ids, expectedWrong }: ClipChoice): string {
  if (ids.length === 0) return say.grid.blanks.none;
  const clips = say.counts.clips(ids.length);
  if (expectedWrong === null) return say.grid.blanks.notCalibrated(clips);
  return say.grid.blanks.calibrated(clips, aboutWrong(expectedWrong));
}
