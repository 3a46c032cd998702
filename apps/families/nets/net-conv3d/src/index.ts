import { conv3dFamily } from './conv3d-family.ts';

export { conv3dFamily } from './conv3d-family.ts';
export { variants } from './variants.ts';
export type { Variant, VariantName } from './variants.ts';

/** The original's 3D net, 24x56x56 crops. */
export const family = conv3dFamily('vgg3d-24x56');
