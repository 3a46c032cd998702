/** A line of text as it was read. */
export interface TextLine {
  readonly text: string;
  /** Mean probability of its letters, 0 to 1. */
  readonly score: number;
}

/**
 * The likeliest letter at each place, repeats and gaps left out.
 * @param probabilities [places, letters], 0 to 1; letter 0 is the gap
 * @param letters what each number stands for
 * @see Graves et al., Connectionist Temporal Classification, ICML 2006: best path decoding
 */
export function decodeLine(probabilities: Float32Array, places: number, letters: readonly string[]): TextLine {
  const count = probabilities.length / places;
  let text = '';
  let [sum, found, before] = [0, 0, 0];
  for (let place = 0; place < places; place++) {
    let best = 0;
    for (let letter = 1; letter < count; letter++) {
      if ((probabilities[place * count + letter] as number) > (probabilities[place * count + best] as number)) {
        best = letter;
      }
    }
    if (best !== 0 && best !== before) {
      text += letters[best] ?? '';
      sum += probabilities[place * count + best] as number;
      found += 1;
    }
    before = best;
  }
  return { text, score: found === 0 ? 0 : sum / found };
}
