/** A box on the model's own picture, in its pixels. */
export interface RawBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** 0 to 1. */
  readonly score: number;
  /** Index among the model's labels. */
  readonly label: number;
}

/** How far two boxes overlap: their common area over the area of both together, 0 to 1. */
export function overlapOf(a: Omit<RawBox, 'score' | 'label'>, b: Omit<RawBox, 'score' | 'label'>): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (areaOf(a) + areaOf(b) - common);
}

/** Area of a box, in the square of its own unit. */
export function areaOf({ left, top, right, bottom }: Omit<RawBox, 'score' | 'label'>): number {
  return (right - left) * (bottom - top);
}

/**
 * Greedy suppression: of boxes that overlap by more than `iou`, the one with the highest score stays.
 * @param within whether only boxes of one label suppress each other
 * @returns boxes by falling score; of equal ones in the order given
 */
export function suppress<Box extends RawBox>(boxes: readonly Box[], iou: number, within: 'label' | 'all'): Box[] {
  const kept: Box[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    const rival = (other: Box) => (within === 'all' || other.label === box.label) && overlapOf(other, box) > iou;
    if (!kept.some(rival)) kept.push(box);
  }
  return kept;
}
