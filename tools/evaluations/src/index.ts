export { listEsc10 } from './esc10-clips.ts';
export type { Esc10, Esc10Clip } from './esc10-clips.ts';
export { evaluateEsc10Probe } from './esc10-probe.ts';
export type { Esc10ProbeResult } from './esc10-probe.ts';
export { esc10Tags, evaluateEsc10Tags } from './esc10-tags.ts';
export type { Esc10TagsResult } from './esc10-tags.ts';
export { esc10Settings, evaluateEsc10 } from './evaluate-esc10.ts';
export type { Esc10Options, Esc10Result } from './evaluate-esc10.ts';
export { writeEsc10Dataset } from './write-esc10-dataset.ts';
