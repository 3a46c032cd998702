import type { BackboneSpec } from './backbone-spec.ts';
import { mobilenetV2 } from './declared/mobilenet-v2.ts';
import { vgg16 } from './declared/vgg16.ts';

/** Every declared backbone by its name: what `weights import <backbone>` and `weights pull <backbone>` take. */
export const backbones: Readonly<Record<string, BackboneSpec>> = Object.fromEntries([vgg16, mobilenetV2].map((spec) => [spec.name, spec]));
