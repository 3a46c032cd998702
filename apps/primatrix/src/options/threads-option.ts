import { availableParallelism } from 'node:os';
import { Option } from 'commander';
import { wholeNumber } from './parse-option.ts';

/** How many threads of this machine a command may compute on. */
export function threadsOption(): Option {
  return new Option('--threads <n>', 'threads that compute at once (default: as many as there are cores)')
    .env('PRIMATRIX_THREADS')
    .argParser((text: string) => (text === '' ? availableParallelism() : wholeNumber({ min: 1, max: 1024 })(text)));
}
