import { html, type Html } from './html.ts';
import { niceTicks } from './nice-ticks.ts';

/** An axis of a plot, in the units of the data. */
export interface Axis {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  /** What stands at a tick. Default: the number. */
  readonly text?: (value: number) => string;
}

const margin = { left: 50, right: 22, top: 12, bottom: 42 };

/** A rectangle with two axes; marks are drawn in it by the places that `x` and `y` give. */
export class PlotArea {
  readonly width: number;
  readonly height: number;
  readonly #x: Axis;
  readonly #y: Axis;

  /** Axes are widened to round numbers. */
  constructor(
    x: Axis,
    y: Axis,
    size: { readonly width: number; readonly height: number } = { width: 360, height: 240 },
  ) {
    this.width = size.width;
    this.height = size.height;
    this.#x = widened(x);
    this.#y = widened(y);
  }

  x(value: number): number {
    return place(value, this.#x, margin.left, this.width - margin.right);
  }

  y(value: number): number {
    return place(value, this.#y, this.height - margin.bottom, margin.top);
  }

  /** A line through points of the data, as the `d` of a path. */
  line(points: readonly (readonly [x: number, y: number])[]): string {
    return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${this.x(x)} ${this.y(y)}`).join('');
  }

  /** Grid, ticks and labels: to be drawn first. */
  axes(): Html {
    const [left, right, top, bottom] = [
      margin.left,
      this.width - margin.right,
      margin.top,
      this.height - margin.bottom,
    ];
    const text = ({ text: of }: Axis, tick: { value: number; text: string }) => of?.(tick.value) ?? tick.text;
    return html`<g class="axes">
${niceTicks(this.#y.low, this.#y.high).map((tick) => html`<line class="grid" x1="${left}" x2="${right}" y1="${this.y(tick.value)}" y2="${this.y(tick.value)}"/><text x="${left - 6}" y="${this.y(tick.value) + 4}" text-anchor="end">${text(this.#y, tick)}</text>`)}
${niceTicks(this.#x.low, this.#x.high).map((tick) => html`<line class="tick" x1="${this.x(tick.value)}" x2="${this.x(tick.value)}" y1="${bottom}" y2="${bottom + 4}"/><text x="${this.x(tick.value)}" y="${bottom + 16}" text-anchor="middle">${text(this.#x, tick)}</text>`)}
<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>
<text class="label" x="${(left + right) / 2}" y="${this.height - 6}" text-anchor="middle">${this.#x.label}</text>
<text class="label" transform="translate(11 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${this.#y.label}</text></g>`;
  }
}

function widened(axis: Axis): Axis {
  const ticks = niceTicks(axis.low, axis.high);
  return { ...axis, low: ticks[0]?.value ?? axis.low, high: ticks.at(-1)?.value ?? axis.high };
}

/** Rounded to a tenth of a pixel: more would only make the page larger. */
function place(value: number, { low, high }: Axis, from: number, to: number): number {
  return Math.round((from + ((value - low) / (high - low)) * (to - from)) * 10) / 10;
}
