import type { Estimate } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { cost, diskSpace, timeNeeded } from '../shell/words.ts';

/** Frames of a clip that a detector looks at, at most; the first is what is usual. */
export const frameChoices = [60, 30, 15, 8, 4, 2] as const;

interface TimeDialProps {
  readonly frames: number;
  readonly onChange: (frames: number) => void;
  /** What was measured, by frames. */
  readonly measured: ReadonlyMap<number, Estimate>;
}

/** Chooses between time and frames, and says what is known of either. */
export function TimeDial({ frames, onChange, measured }: TimeDialProps) {
  const words = say.setup.dial;
  const at = frameChoices.findIndex((choice) => choice === frames);
  return (
    <div className="dial">
      <label>
        {words.frames(frames)}
        <input
          type="range"
          min={0}
          max={frameChoices.length - 1}
          value={at}
          aria-valuetext={words.frames(frames)}
          onChange={({ target }) => onChange(frameChoices[Number(target.value)] ?? frameChoices[0])}
        />
        <span className="ends hint" aria-hidden="true">
          <span>{words.most}</span>
          <span>{words.quickest}</span>
        </span>
      </label>
      <p className="hint">{words.apart(say.units.seconds(say.number(60 / frames)))}</p>
      {measured.size > 0 && (
        <>
          <div className="scroll" tabIndex={0} role="region" aria-label={words.title}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.atMost}</th>
                  <th scope="col">{words.time}</th>
                  <th scope="col">{words.perClip}</th>
                  <th scope="col">{words.disk}</th>
                  <th scope="col">{words.showing}</th>
                </tr>
              </thead>
              <tbody>
                {[...measured]
                  .toSorted(([a], [b]) => b - a)
                  .map(([choice, { clips, probed, seconds, bytes, showing }]) => (
                    <tr key={choice} aria-current={choice === frames ? 'true' : undefined}>
                      <th scope="row">{choice}</th>
                      <td>{seconds === null ? '–' : timeNeeded(seconds)}</td>
                      <td>{seconds === null ? '–' : cost(seconds / clips)}</td>
                      <td>{bytes === null ? '–' : diskSpace(bytes)}</td>
                      <td>{showing === null ? '–' : say.counts.of(say.number(showing), say.counts.clips(probed))}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
          <p className="hint">{words.quality}</p>
        </>
      )}
    </div>
  );
}
