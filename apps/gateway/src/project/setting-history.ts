import type { SettingAct, SettingPatch } from './review-entry.ts';

/** What people said of where and when clips were taken, act by act; an act that is undone is as if it had never been. */
export class SettingHistory {
  /** In the order in which they were said. */
  private readonly byClip = new Map<string, { readonly act: string; readonly patch: SettingPatch }[]>();

  add({ act, settings }: SettingAct): void {
    for (const { clip, ...patch } of settings) {
      const before = this.byClip.get(clip);
      if (before === undefined) this.byClip.set(clip, [{ act, patch }]);
      else before.push({ act, patch });
    }
  }

  remove({ act: name, settings }: SettingAct): void {
    for (const { clip } of settings) {
      const left = (this.byClip.get(clip) ?? []).filter(({ act }) => act !== name);
      if (left.length === 0) this.byClip.delete(clip);
      else this.byClip.set(clip, left);
    }
  }

  /** What counts of a clip: of each fact what was said last; empty where nobody said anything. */
  of(clip: string): SettingPatch {
    return Object.assign({}, ...(this.byClip.get(clip) ?? []).map(({ patch }) => patch)) as SettingPatch;
  }

  /** Sites that people have said of a clip. */
  sitesSaid(clip: string): (string | null)[] {
    return (this.byClip.get(clip) ?? []).flatMap(({ patch: { site } }) => (site === undefined ? [] : [site]));
  }

  /** Clips of which somebody said something. */
  clips(): Iterable<string> {
    return this.byClip.keys();
  }
}
