import { Option } from 'commander';
import { wholeNumber } from './parse-option.ts';

/** How many copies a cluster of brokers keeps. */
export function replicasOption(): Option {
  return new Option(
    '--replicas <n>',
    'copies that a cluster of brokers keeps of messages, states and objects: 1, 3 or 5 (default: as they are, else 1)',
  )
    .env('PRIMATRIX_REPLICAS')
    .argParser((text: string) => (text === '' ? undefined : wholeNumber({ min: 1, max: 5 })(text)));
}
