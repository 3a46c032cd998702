import { Option } from 'commander';
import { several } from './parse-option.ts';

/** @param what the clips of the results are: those of the dataset, or those that are predicted */
export function featuresOption(what: string): Option {
  return new Option(
    '--features <file>',
    `what another program said of the ${what}: results of MegaDetector or SpeciesNet (JSON) or zamba (CSV); can be given ` +
      'again, once a program',
  ).argParser(several);
}
