import { Rng } from '@primatrix/rng';
import { roughNoise, smoothNoise } from './noise.ts';
import { Pen, Picture, type Paint, type Rgb } from './picture.ts';
import type { Site } from './sites.ts';

/** One leaf or blade in front of the camera, in pixels, and how it swings. */
interface Leaf {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly length: number;
  readonly width: number;
  readonly paint: Paint;
  readonly delay: number;
}

/** A site's still background and its moving foreground leaves. The same for every clip of that site. */
export interface Scenery {
  readonly background: Picture;
  readonly leaves: readonly Leaf[];
}

function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** Draws a site once; `seed` decides where its trunks and leaves stand. */
export function drawScenery(site: Site, seed: number, width: number, height: number): Scenery {
  const rng = Rng.of(seed, 'scenery', site.name);
  const background = new Picture(width, height);
  drawBackdrop(background, site, rng.uint32());
  const pen = new Pen(background);
  drawTrunks(pen, site, rng, width, height);
  drawGround(background, site, rng.uint32());
  drawExtra(pen, site, rng, width, height);
  drawTufts(pen, site, rng, width, height);
  return { background, leaves: growLeaves(site, rng, width, height) };
}

/** Sky above, and the wall of leaves in front of it. */
function drawBackdrop(picture: Picture, site: Site, seed: number): void {
  const { width, height, data } = picture;
  const horizon = site.horizon * height;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let rgb = mix(site.sky[0], site.sky[1], Math.min(1, y / horizon));
      const ragged = horizon * (1 - site.foliageReach) + 22 * (roughNoise(x / 26, 3, seed) - 0.5);
      const cover = Math.min(1, Math.max(0, (y - ragged) / 2));
      if (cover > 0) {
        // Large masses of light and shade, then single leaves on top.
        const mass = roughNoise(x / 34, y / 26, seed + 10);
        const leaf = smoothNoise(x / 3.2, y / 2.6, seed + 20);
        const tone = Math.min(1, Math.max(0, 1.5 * mass - 0.45 + 0.5 * (leaf - 0.5)));
        const green = mix(site.foliage[0], site.foliage[1], tone);
        const gap = site.foliageReach >= 1 && mass > 0.7 && leaf > 0.62 ? 0.7 : 0;
        rgb = mix(rgb, mix(green, rgb, gap), cover);
      }
      const i = (y * width + x) * 3;
      data[i] = rgb[0];
      data[i + 1] = rgb[1];
      data[i + 2] = rgb[2];
    }
  }
}

function drawTrunks(pen: Pen, site: Site, rng: Rng, width: number, height: number): void {
  const { count, width: range, rgb } = site.trunks;
  for (let i = 0; i < count; i++) {
    const x = width * ((i + rng.between(0.15, 0.85)) / count);
    const foot = height * (site.horizon + rng.between(0.01, 0.09));
    const half = width * rng.between(range[0], range[1]);
    const lean = rng.between(-0.04, 0.04) * height;
    const tone = rng.between(0.65, 1.1);
    pen.place(0, 0, 1);
    const bark: Paint = { rgb: [rgb[0] * tone, rgb[1] * tone, rgb[2] * tone], shade: 0 };
    pen.limb(x, -foot, half * 1.25, x + lean, 4, half * 0.85, bark);
    // The side away from the light.
    pen.limb(x - half * 0.55, -foot, half * 0.5, x + lean - half * 0.4, 4, half * 0.35, {
      rgb: [30, 26, 20],
      alpha: 0.35,
      shade: 0,
      soft: 3,
    });
  }
}

function drawGround(picture: Picture, site: Site, seed: number): void {
  const { width, height, data } = picture;
  const top = site.horizon * height;
  for (let y = Math.floor(top) - 6; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const edge = top + 8 * (roughNoise(x / 30, 7, seed) - 0.5);
      const cover = Math.min(1, Math.max(0, (y - edge) / 3));
      if (cover === 0) continue;
      const near = Math.min(1, (y - top) / (height - top));
      // Litter looks finer far away.
      const grain = 2 + 5 * near;
      const patch = roughNoise(x / (14 + 40 * near), y / (6 + 14 * near), seed + 1);
      const litter = smoothNoise(x / grain, y / (grain * 0.5), seed + 2);
      const tone = 0.68 + 0.42 * patch + 0.26 * (litter - 0.5);
      const rgb = mix(site.ground[0], site.ground[1], near);
      const i = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) {
        data[i + c] = (data[i + c] as number) * (1 - cover) + (rgb[c] as number) * tone * cover;
      }
    }
  }
}

function drawExtra(pen: Pen, site: Site, rng: Rng, width: number, height: number): void {
  const ground = site.horizon * height;
  pen.place(0, 0, 1);
  if (site.extra === 'water') {
    const y = ground + height * 0.1;
    pen.ellipse(width * rng.between(0.3, 0.7), -y, width * 0.42, height * 0.045, {
      rgb: [142, 158, 156],
      shade: 0.25,
      alpha: 0.9,
      soft: 4,
    });
    for (let i = 0; i < 9; i++) {
      const x = width * rng.between(0.15, 0.8);
      pen.limb(x, -(y + rng.between(-5, 5)), 0.6, x + rng.between(10, 34), -(y + rng.between(-5, 5)), 0.4, {
        rgb: [206, 214, 206],
        alpha: 0.5,
        shade: 0,
      });
    }
  } else if (site.extra === 'rocks') {
    for (let i = 0; i < 8; i++) {
      const r = height * rng.between(0.02, 0.06);
      pen.ellipse(
        width * rng.uniform(),
        -(ground + height * rng.between(0.02, 0.16)),
        r * 1.6,
        r,
        { rgb: [142, 136, 128], shade: 0.4 },
        rng.between(-0.2, 0.2),
      );
    }
  } else if (site.extra === 'log') {
    const y = ground + height * 0.12;
    pen.limb(width * 0.55, -y, height * 0.045, width * 1.02, -(y - height * 0.03), height * 0.035, {
      rgb: [98, 80, 58],
      shade: 0.5,
    });
    pen.limb(width * 0.6, -(y - height * 0.03), 2, width * 0.95, -(y - height * 0.055), 2, {
      rgb: [84, 116, 56],
      alpha: 0.8,
      shade: 0,
      soft: 3,
    });
  } else if (site.extra === 'mound') {
    const x = width * rng.between(0.12, 0.88);
    const y = ground + height * 0.06;
    pen.polygon([x - 26, -y, x - 9, -(y - height * 0.2), x + 4, -(y - height * 0.24), x + 24, -y], {
      rgb: [160, 112, 74],
      soft: 3,
    });
    pen.ellipse(x, -y, 30, 6, { rgb: [152, 108, 72], soft: 3 });
  }
}

function drawTufts(pen: Pen, site: Site, rng: Rng, width: number, height: number): void {
  pen.place(0, 0, 1);
  for (let i = 0; i < site.tufts.count; i++) {
    const depth = rng.uniform();
    const x = width * rng.uniform();
    const y = height * (site.horizon + 0.03 + (0.95 - site.horizon) * depth);
    const tall = 4 + 10 * depth;
    const tone = rng.between(0.7, 1.15);
    const [r, g, b] = site.tufts.rgb;
    for (let blade = 0; blade < 4; blade++) {
      const tip = rng.between(-0.6, 0.6) * tall;
      pen.limb(x + blade - 2, -y, 0.5 + 0.5 * depth, x + tip, -(y - tall), 0.3, {
        rgb: [r * tone, g * tone, b * tone],
        shade: 0,
      });
    }
  }
}

/** Twigs hang in from the two upper corners, blades stand along the lower edge. */
function growLeaves(site: Site, rng: Rng, width: number, height: number): Leaf[] {
  const leaves: Leaf[] = [];
  const paint = (): Paint => {
    const tone = rng.between(0.55, 1.2);
    return { rgb: [site.leaf[0] * tone, site.leaf[1] * tone, site.leaf[2] * tone], shade: 0.25 };
  };
  for (const left of [true, false]) {
    for (let i = 0; i < 16; i++) {
      const out = rng.uniform();
      const x = (left ? 1 : -1) * out * width * 0.24 + (left ? 0 : width);
      const y = rng.uniform() * (1 - out) * height * 0.3;
      leaves.push({
        x,
        y,
        angle: (left ? -0.9 : Math.PI + 0.9) + rng.between(-0.6, 0.6),
        length: rng.between(10, 20),
        width: rng.between(2.2, 4),
        paint: paint(),
        delay: rng.between(0, 6),
      });
    }
  }
  for (let i = 0; i < 22; i++) {
    leaves.push({
      x: width * rng.uniform(),
      y: height + 2,
      angle: Math.PI / 2 + rng.between(-0.4, 0.4),
      length: rng.between(12, 30),
      width: rng.between(1, 1.8),
      paint: paint(),
      delay: rng.between(0, 6),
    });
  }
  return leaves;
}

/** Draws the foreground leaves as the wind (0 calm, 1 strong) holds them `seconds` into a clip. */
export function drawLeaves(pen: Pen, leaves: readonly Leaf[], seconds: number, wind: number): void {
  for (const leaf of leaves) {
    const gust = 0.6 + 0.4 * Math.sin(0.9 * seconds + leaf.x / 60);
    const angle = leaf.angle + wind * gust * 0.55 * Math.sin(5.2 * seconds + leaf.delay);
    const dx = Math.cos(angle) * leaf.length;
    const dy = Math.sin(angle) * leaf.length;
    pen.place(leaf.x, leaf.y, 1);
    pen.ellipse(dx / 2, dy / 2, leaf.length / 2, leaf.width, leaf.paint, angle);
  }
}
