/** Red, green and blue, 0 to 255 each. */
export type Rgb = readonly [number, number, number];

/** A square tile of brightness factors that is laid over a shape, fixed to the animal that wears it. */
export interface Pattern {
  /** Row-major, {@link patternSize} squared; 1 leaves the colour as it is. */
  readonly factors: Float32Array;
  /** Texels to a body unit. */
  readonly texelsPerUnit: number;
}

/** Side of a {@link Pattern} in texels; a power of two, so that wrapping is a mask. */
export const patternSize = 64;

/** Width of a shape's edge in pixels, unless its paint says otherwise. */
const softEdge = 1.2;
/** A distance no edge reaches. */
const far = 1e3;

/** How a shape is filled. */
export interface Paint {
  readonly rgb: Rgb;
  readonly pattern?: Pattern;
  /** How much lighter the top and darker the underside is, 0 (flat) to 1. */
  readonly shade?: number;
  /** 0 (invisible) to 1 (opaque, the default). */
  readonly alpha?: number;
  /** Width of the soft edge in pixels. */
  readonly soft?: number;
}

/** A picture in memory: row-major, interleaved 8-bit red, green, blue. Writing clamps to 0 to 255. */
export class Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8ClampedArray(width * height * 3);
  }
}

/**
 * Draws filled shapes with soft edges on a picture, in the coordinates of one body: x forward, y up, origin
 * on the ground below its middle, 1 = its own size. {@link Pen.place} says where that body stands.
 */
export class Pen {
  private readonly picture: Picture;
  private originX = 0;
  private originY = 0;
  private scale = 1;
  // Columns of the matrix from body units to pixels.
  private xx = 1;
  private xy = 0;
  private yx = 0;
  private yy = -1;

  constructor(picture: Picture) {
    this.picture = picture;
  }

  /**
   * Puts the body's origin at pixel (`x`, `y`), `scale` pixels to a unit, looking right (`facing` 1) or left
   * (-1), its nose raised by `pitch` radians.
   */
  place(x: number, y: number, scale: number, facing: 1 | -1 = 1, pitch = 0): void {
    this.originX = x;
    this.originY = y;
    this.scale = scale;
    this.xx = facing * scale * Math.cos(pitch);
    this.xy = -scale * Math.sin(pitch);
    this.yx = -facing * scale * Math.sin(pitch);
    this.yy = -scale * Math.cos(pitch);
  }

  /** A filled ellipse; `tilt` in radians, counter-clockwise in body coordinates. */
  ellipse(x: number, y: number, rx: number, ry: number, paint: Paint, tilt = 0): void {
    const cx = this.originX + x * this.xx + y * this.yx;
    const cy = this.originY + x * this.xy + y * this.yy;
    // The first half axis, in pixels.
    const ax = Math.cos(tilt) * this.xx + Math.sin(tilt) * this.yx;
    const ay = Math.cos(tilt) * this.xy + Math.sin(tilt) * this.yy;
    const ux = ax / this.scale;
    const uy = ay / this.scale;
    const a = Math.max(0.3, rx * this.scale);
    const b = Math.max(0.3, ry * this.scale);
    const soft = paint.soft ?? softEdge;
    const reachX = Math.hypot(a * ux, b * uy) + soft / 2 + 1;
    const reachY = Math.hypot(a * uy, b * ux) + soft / 2 + 1;
    const lift = paint.shade ?? 0.2;
    // Squares of the ellipse's function that no soft edge reaches, from outside and from within.
    const outside = (1 + soft / Math.min(a, b)) ** 2;
    const inside = Math.min(a, b) > soft ? 0.25 : 1e-12;
    this.fill(cx - reachX, cy - reachY, cx + reachX, cy + reachY, paint, (px, py) => {
      const dx = px - cx;
      const dy = py - cy;
      const u = (dx * ux + dy * uy) / a;
      const v = (dy * ux - dx * uy) / b;
      const square = u * u + v * v;
      if (square > outside) return far;
      this.light = 1 - (lift * dy) / reachY;
      if (square < inside) return -far;
      // Distance to first order: the function over the length of its gradient. Math.hypot would be several times slower.
      const f = Math.sqrt(square);
      return ((f - 1) * f) / Math.sqrt((u * u) / (a * a) + (v * v) / (b * b));
    });
  }

  /** A rounded bar from (`x1`, `y1`) to (`x2`, `y2`) whose half width goes from `r1` to `r2`. */
  limb(x1: number, y1: number, r1: number, x2: number, y2: number, r2: number, paint: Paint): void {
    const ax = this.originX + x1 * this.xx + y1 * this.yx;
    const ay = this.originY + x1 * this.xy + y1 * this.yy;
    const bx = this.originX + x2 * this.xx + y2 * this.yx;
    const by = this.originY + x2 * this.xy + y2 * this.yy;
    const ra = Math.max(0.35, r1 * this.scale);
    const rb = Math.max(0.35, r2 * this.scale);
    const r = Math.max(ra, rb) + (paint.soft ?? softEdge) / 2 + 1;
    const dx = bx - ax;
    const dy = by - ay;
    const inverse = 1 / Math.max(1e-6, dx * dx + dy * dy);
    const lift = paint.shade ?? 0.2;
    this.fill(
      Math.min(ax, bx) - r,
      Math.min(ay, by) - r,
      Math.max(ax, bx) + r,
      Math.max(ay, by) + r,
      paint,
      (px, py) => {
        const ex = px - ax;
        const ey = py - ay;
        const h = Math.min(1, Math.max(0, (ex * dx + ey * dy) * inverse));
        const nx = ex - h * dx;
        const ny = ey - h * dy;
        const width = ra + h * (rb - ra);
        this.light = 1 - (lift * ny) / width;
        return Math.sqrt(nx * nx + ny * ny) - width;
      },
    );
  }

  /** A filled convex polygon, corners as x, y pairs in either turning sense. */
  polygon(corners: readonly number[], paint: Paint): void {
    const n = corners.length / 2;
    const xs: number[] = [];
    const ys: number[] = [];
    for (let i = 0; i < n; i++) {
      const x = corners[2 * i] as number;
      const y = corners[2 * i + 1] as number;
      xs.push(this.originX + x * this.xx + y * this.yx);
      ys.push(this.originY + x * this.xy + y * this.yy);
    }
    let area = 0;
    for (let i = 0; i < n; i++) {
      const j = (i + 1) % n;
      area += (xs[i] as number) * (ys[j] as number) - (xs[j] as number) * (ys[i] as number);
    }
    const turn = area < 0 ? -1 : 1;
    const edges = xs.map((x, i) => {
      const j = (i + 1) % n;
      const ex = (xs[j] as number) - x;
      const ey = (ys[j] as number) - (ys[i] as number);
      const length = Math.max(1e-6, Math.hypot(ex, ey));
      return { x, y: ys[i] as number, nx: (turn * ey) / length, ny: (-turn * ex) / length };
    });
    const reach = (paint.soft ?? softEdge) / 2 + 1;
    this.fill(
      Math.min(...xs) - reach,
      Math.min(...ys) - reach,
      Math.max(...xs) + reach,
      Math.max(...ys) + reach,
      paint,
      (px, py) => {
        let distance = -far;
        for (const e of edges) distance = Math.max(distance, (px - e.x) * e.nx + (py - e.y) * e.ny);
        this.light = 1;
        return distance;
      },
    );
  }

  /** Set by the shape at each pixel, read by {@link Pen.fill}: no object is made for a pixel. */
  private light = 1;

  /** Blends `paint` over the pixels of a box, by their signed distance (in pixels, inside negative) from a shape's edge. */
  private fill(
    left: number,
    top: number,
    right: number,
    bottom: number,
    paint: Paint,
    distance: (x: number, y: number) => number,
  ): void {
    const { width, height, data } = this.picture;
    const x0 = Math.max(0, Math.floor(left));
    const x1 = Math.min(width - 1, Math.ceil(right));
    const y0 = Math.max(0, Math.floor(top));
    const y1 = Math.min(height - 1, Math.ceil(bottom));
    const [red, green, blue] = paint.rgb;
    const alpha = paint.alpha ?? 1;
    const perPixel = 1 / (paint.soft ?? softEdge);
    const pattern = paint.pattern;
    const texels = pattern === undefined ? 0 : pattern.texelsPerUnit / (this.scale * this.scale);
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        let cover = 0.5 - distance(x, y) * perPixel;
        if (cover <= 0) continue;
        cover = Math.min(1, cover) * alpha;
        let light = this.light;
        if (pattern !== undefined) {
          const dx = x - this.originX;
          const dy = y - this.originY;
          // The matrix is a rotation, a mirror and a scale, so its inverse is its transpose over scale squared.
          const u = ((dx * this.xx + dy * this.xy) * texels + 4096) & (patternSize - 1);
          const v = ((dx * this.yx + dy * this.yy) * texels + 4096) & (patternSize - 1);
          light *= pattern.factors[v * patternSize + u] as number;
        }
        const i = (y * width + x) * 3;
        const keep = 1 - cover;
        data[i] = (data[i] as number) * keep + red * light * cover;
        data[i + 1] = (data[i + 1] as number) * keep + green * light * cover;
        data[i + 2] = (data[i + 2] as number) * keep + blue * light * cover;
      }
    }
  }
}
