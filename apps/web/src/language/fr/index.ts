import type { Texts } from '../en/index.ts';
import { app } from './app.ts';
import { clip } from './clip.ts';
import { counts } from './counts.ts';
import { deployments } from './deployments.tsx';
import { fixed, number, moment, day } from './formats.ts';
import { grid } from './grid.ts';
import { keys } from './keys.ts';
import { models } from './models.tsx';
import { names } from './names.ts';
import { people } from './people.ts';
import { observations } from './observations.ts';
import { project } from './project.ts';
import { refit } from './refit.ts';
import { season } from './season.tsx';
import { setup } from './setup.tsx';
import { shell } from './shell.ts';
import { units } from './units.ts';

/** Every text of the pages in French. */
export const fr: Texts = {
  number,
  fixed,
  moment,
  day,
  app,
  clip,
  counts,
  deployments,
  grid,
  keys,
  models,
  names,
  observations,
  people,
  project,
  refit,
  season,
  setup,
  shell,
  units,
};
