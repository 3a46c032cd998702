import type { Picture } from '@primatrix/backbones';
import type { PictureInput } from '../folder/model-card.ts';
import { resizePictureTo } from './resize-picture-to.ts';

/** Where a picture came to lie on the model's own, and at which size; all in pixels of the model's picture. */
export interface Placement {
  /** Of the resized picture's top left corner; negative where it is cut. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A picture on its way into a model. */
export interface FittedPicture {
  readonly picture: Picture;
  readonly placement: Placement;
}

/** Where a picture of a size comes to lie. */
export function placementOf(
  { width, height }: { readonly width: number; readonly height: number },
  { size: [toWidth, toHeight], fit }: Pick<PictureInput, 'size' | 'fit'>,
): Placement {
  if (fit.kind === 'letterbox') {
    const ratio = Math.min(toWidth / width, toHeight / height);
    const whole = fit.round === 'floor' ? Math.floor : Math.round;
    // No help for products that fall short of a whole number: the models were trained so.
    const sideOf = (side: number, limit: number) => Math.min(limit, Math.max(1, whole(side * ratio)));
    const [w, h] = [sideOf(width, toWidth), sideOf(height, toHeight)];
    const rest = (limit: number, side: number) => (fit.place === 'centre' ? Math.floor((limit - side) / 2) : 0);
    return { left: rest(toWidth, w), top: rest(toHeight, h), width: w, height: h };
  }
  const [w, h] =
    fit.kind === 'stretch' ? (fit.resize ?? [toWidth, toHeight]) : byShorterSide(width, height, fit.shorter);
  return { left: -Math.floor((w - toWidth) / 2), top: -Math.floor((h - toHeight) / 2), width: w, height: h };
}

/** Resizes a picture as its model wants it; it still has to be placed. */
export function fitPicture(source: Picture, input: PictureInput): FittedPicture {
  const placement = placementOf(source, input);
  return { picture: resizePictureTo(source, placement.width, placement.height, input.interpolation), placement };
}

/** As torchvision and Hugging Face: the longer side loses its fraction. */
function byShorterSide(width: number, height: number, shorter: number): [number, number] {
  return width <= height
    ? [shorter, Math.floor((shorter * height) / width)]
    : [Math.floor((shorter * width) / height), shorter];
}
