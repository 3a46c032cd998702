import { resizePicture, type Picture } from '@primatrix/backbones';

/** R, G, B, 0 to 255 each. */
export type Color = readonly [red: number, green: number, blue: number];

/** A rectangle in pixels, from the top left. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture that can be drawn on; what lies outside is cut off. */
export class Raster implements Picture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3]. */
  readonly data: Uint8Array;

  constructor(width: number, height: number, color: Color = [0, 0, 0]) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height * 3);
    this.fill({ x: 0, y: 0, width, height }, color);
  }

  set(x: number, y: number, [red, green, blue]: Color): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (y * this.width + x) * 3;
    this.data[at] = red;
    this.data[at + 1] = green;
    this.data[at + 2] = blue;
  }

  fill({ x, y, width, height }: Box, color: Color): void {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) this.set(column, row, color);
    }
  }

  /** Draws the edges of a box, two pixels thick, inside it. */
  outline({ x, y, width, height }: Box, color: Color): void {
    const thick = Math.min(2, width, height);
    this.fill({ x, y, width, height: thick }, color);
    this.fill({ x, y: y + height - thick, width, height: thick }, color);
    this.fill({ x, y, width: thick, height }, color);
    this.fill({ x: x + width - thick, y, width: thick, height }, color);
  }

  /**
   * Draws a picture as large as the box allows, its aspect kept, in the middle of the box.
   * @returns where it came to lie
   */
  fit(picture: Picture, box: Box): Box {
    const scale = Math.min(box.width / picture.width, box.height / picture.height);
    const width = Math.max(1, Math.round(picture.width * scale));
    const height = Math.max(1, Math.round(picture.height * scale));
    const resized = new Uint8Array(width * height * 3);
    resizePicture(picture, resized, height, width, 'area');
    const [left, top] = [box.x + ((box.width - width) >> 1), box.y + ((box.height - height) >> 1)];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = (y * width + x) * 3;
        this.set(left + x, top + y, [resized[at] as number, resized[at + 1] as number, resized[at + 2] as number]);
      }
    }
    return { x: left, y: top, width, height };
  }

  /** Copies a picture to a place, pixel by pixel. */
  place(picture: Picture, left: number, top: number): void {
    for (let y = 0; y < picture.height; y++) {
      this.data.set(
        picture.data.subarray(y * picture.width * 3, (y + 1) * picture.width * 3),
        ((top + y) * this.width + left) * 3,
      );
    }
  }
}
