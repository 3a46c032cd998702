import { UsageError } from '@primatrix/contracts';
import { benchNeighbours } from '@primatrix/feature-table/bench';
import { benchHash } from '@primatrix/perceptual-hash/bench';
import { openBus } from '@primatrix/messaging';
import { measureThroughput } from '@primatrix/messaging/bench';
import { benchTrainStep } from '@primatrix/nets/bench';
import { Command, Option } from 'commander';
import { benchInstalledBackbones } from './bench-backbones.ts';
import { benchInstalledNets } from './bench-nets.ts';
import { benchPredict } from '../bench/bench-predict.ts';
import { benchStack } from '../bench/bench-stack.ts';
import { wholeNumber } from '../options/parse-option.ts';
import type { Session } from '../terminal/session.ts';

interface BenchOptions {
  readonly clip?: readonly string[];
  readonly bundle?: string;
  readonly only?: readonly string[];
  readonly rounds?: number;
  readonly messages?: number;
  readonly reference?: string;
}

type Bench = (options: BenchOptions) => Promise<unknown>;

const benches: Readonly<Record<string, Bench>> = {
  async hash({ clip }) {
    const path = oneClip('hash', clip);
    if (path === undefined) throw noClip('hash', 'none');
    return benchHash(path);
  },
  async predict({ clip, bundle, rounds }) {
    if (bundle === undefined) {
      throw new UsageError('BENCH_BUNDLE', 'bench predict: it needs a bundle, got none', {
        hint: 'primatrix bench predict --bundle artifacts/sample/bundle',
      });
    }
    const path = oneClip('predict', clip);
    return benchPredict({
      bundle,
      ...(path === undefined ? {} : { clip: path }),
      ...(rounds === undefined ? {} : { rounds }),
    });
  },
  'train-step': () => benchTrainStep(),
  nets: ({ only }) => benchInstalledNets(only, (line) => void process.stderr.write(`${line}\n`)),
  stack: ({ only, rounds }) =>
    benchStack({
      ...(only === undefined ? {} : { only }),
      ...(rounds === undefined ? {} : { rounds }),
      report: (line) => void process.stderr.write(`${line}\n`),
    }),
  backbones: ({ clip, only, reference }) => benchInstalledBackbones(only, clip, reference),
  neighbours: () => benchNeighbours(),
  async bus({ messages }) {
    await using bus = await openBus();
    // A run of its own: a server remembers the messages of the last one.
    return await measureThroughput(
      bus,
      `${process.pid} ${performance.timeOrigin}`,
      messages === undefined ? {} : { messages },
    );
  },
};

/** @throws UsageError BENCH_CLIP where there are several */
function oneClip(name: string, clips: readonly string[] = []): string | undefined {
  if (clips.length > 1) throw noClip(name, String(clips.length));
  return clips[0];
}

function noClip(name: string, got: string): UsageError {
  return new UsageError('BENCH_CLIP', `bench ${name}: it needs one clip, got ${got}`, {
    hint: `primatrix bench ${name} --clip clip.mp4`,
  });
}

/** `primatrix bench`: measurements, as ratios against a reference of the same run. */
export function benchCommand(_session: Session): Command {
  return new Command('bench')
    .description(
      'Measures and compares with a reference in the same run; figures are medians. Run it on an idle machine.',
    )
    .argument('<name>', Object.keys(benches).join(', '))
    .option(
      '--clip <file...>',
      'clip for `bench hash` and `bench predict` (default there: a synthetic one of 1920x1080, 30 s); clips for `bench backbones`, to measure the reuse of features between frames',
    )
    .addOption(
      new Option(
        '--only <names>',
        'nets for `bench nets` (net-vgg16-gru,net-conv3d), backbones for `bench backbones`, libraries for `bench stack` (lightgbm,xgboost); all by default',
      ).argParser((text: string) => text.split(',')),
    )
    .option('--bundle <dir>', 'bundle for `bench predict`')
    .option(
      '--rounds <n>',
      'rounds of training for `bench stack`; rounds that `bench predict` measures (3)',
      wholeNumber({ min: 1 }),
    )
    .option('--messages <n>', 'messages for `bench bus` (default: 300,000)', wholeNumber({ min: 1 }))
    .option(
      '--reference <python>',
      'a Python that has PyTorch: `bench backbones` measures the same nets there, in the same rounds',
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix bench hash --clip clip.mp4\n' +
        '  $ primatrix bench predict --bundle artifacts/sample/bundle --clip clip.mp4\n' +
        '  $ primatrix bench train-step --json\n' +
        '  $ primatrix bench nets --only net-vgg16-gru\n' +
        '  $ primatrix bench stack --only xgboost --rounds 1 --json\n' +
        '  $ primatrix bench backbones --clip clips/*.mp4\n' +
        '  $ primatrix bench backbones --only vgg16 --reference python3\n' +
        '  $ NATS_URL=nats://127.0.0.1:4222 primatrix bench bus',
    )
    .action(async (name: string, options: BenchOptions & { json?: true }) => {
      const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
      if (bench === undefined) {
        throw new UsageError('BENCH_UNKNOWN', `bench: there is no benchmark '${name}'`, {
          hint: `benchmarks: ${Object.keys(benches).join(', ')}`,
        });
      }
      const result = await bench(options);
      if (options.json) console.log(JSON.stringify(result, null, 2));
      else print(result, 0);
    });
}

/** Names and figures, nested ones indented. */
function print(value: unknown, depth: number): void {
  for (const [name, member] of Object.entries(value as Record<string, unknown>)) {
    const indent = '  '.repeat(depth);
    if (typeof member === 'object' && member !== null) {
      console.log(`${indent}${name}`);
      print(member, depth + 1);
    } else {
      console.log(
        `${indent}${name.padEnd(28 - 2 * depth)}  ${typeof member === 'number' ? Number(member.toPrecision(4)) : String(member)}`,
      );
    }
  }
}
