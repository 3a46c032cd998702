import type { BackboneSpec } from './backbone-spec.ts';
import { inceptionV3 } from './declared/inception-v3.ts';
import { mobilenetV2 } from './declared/mobilenet-v2.ts';
import { resnet50 } from './declared/resnet50.ts';
import { vgg16 } from './declared/vgg16.ts';

/** Every declared backbone by its name: what `weights import <backbone>` and `weights pull <backbone>` take. */
export const backbones: Readonly<Record<string, BackboneSpec>> = Object.fromEntries(
  [inceptionV3, mobilenetV2, resnet50, vgg16].map((spec) => [spec.name, spec]),
);
