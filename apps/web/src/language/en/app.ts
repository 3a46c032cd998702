/** Around all pages: the header, and what stands above them. */
export const app = {
  signedOut: 'You are not signed in. Open the address that primatrix printed in your terminal.',
  skipToPage: 'Skip to the page',
  skipToClips: 'Skip to the clips',
  skipToClip: 'Skip to the clip',
  project: 'Project',
  pages: 'Pages',
  allClips: 'All clips',
  addClips: 'Add clips',
  sites: 'Sites',
  season: 'Season',
  warnings: (warnings: number) =>
    warnings === 1 ? 'A warning about these predictions' : `${warnings} warnings about these predictions`,
};
