import { useEffect, useState, type FormEvent } from 'react';
import type { ClipChoice } from '@primatrix/review-api';
import { api } from '../shell/api.ts';
import { aboutWrong, decideMany } from '../shell/decisions.ts';
import { DialogEnd } from '../shell/dialog-end.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { withFilter } from '../shell/use-route.ts';
import { count } from '../shell/words.ts';

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
    <Dialog title="Accept blanks" onClose={onClose}>
      {(close) => (
        <form className="asked" onSubmit={accept(close)}>
          <label>
            Clips that are blank with at least {least} %
            <input
              type="range"
              min={50}
              max={99}
              value={least}
              autoFocus
              onChange={(event) => setLeast(Number(event.target.value))}
              aria-valuetext={`${least} %`}
            />
          </label>
          <p role="status">{found === null ? 'Counting…' : sayOf(found)}</p>
          {filter !== '' && (
            <p className="hint">Of the clips that pass the filters, and only those not reviewed yet.</p>
          )}
          <DialogEnd
            does={`Accept ${count(clips, 'blank')}`}
            trouble={trouble}
            disabled={clips === 0}
            onCancel={close}
          />
        </form>
      )}
    </Dialog>
  );
}

function sayOf({ ids, expectedWrong }: ClipChoice): string {
  if (ids.length === 0) return 'There are none.';
  const clips = count(ids.length, 'clip');
  if (expectedWrong === null) {
    return `${clips}. How many of them show an animal after all is not known: the model’s scores are not calibrated. Check a few first.`;
  }
  return `${clips}. By the model’s calibration, about ${aboutWrong(expectedWrong)} of them will show an animal after all.`;
}
