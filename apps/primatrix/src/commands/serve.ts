import { PrimatrixError, UsageError } from '@primatrix/contracts';
import { devices } from '@primatrix/onnx';
import { readCanary, type Canary } from '@primatrix/services';
import { trainerFamily } from '@primatrix/trainers';
import { Command, Option } from 'commander';
import { describeFailure } from '../terminal/describe-failure.ts';
import { modelsOption } from '../options/models-option.ts';
import { choice, several, wholeNumber } from '../options/parse-option.ts';
import { replicasOption } from '../options/replicas-option.ts';
import { threadsOption } from '../options/threads-option.ts';
import { openServiceLog, serveFamilies, type ServeFamiliesOptions } from '../serve/serve-families.ts';
import { serveTrainer } from '../serve/serve-trainer.ts';
import { serveUi } from '../serve/serve-ui.ts';
import type { ServeUiOptions } from '../serve/serve-ui-options.ts';
import type { Session } from '../terminal/session.ts';

type ServeOptions = Omit<ServeUiOptions, 'source'> &
  Omit<ServeFamiliesOptions, 'bundle'> & { readonly bundle?: string; readonly ui?: true; readonly shared?: string };

const port = wholeNumber({ min: 0, max: 65_535 });

/** `primatrix serve`: families of a bundle as services on NATS. */
export function serveCommand(session: Session): Command {
  return new Command('serve')
    .description(
      'Serves families of a bundle on the server (or the servers of a cluster, with commas between them) that NATS_URL ' +
        'names, until it is stopped (Ctrl-C, SIGTERM): then ' +
        'it takes no more work and finishes what it has. Start it as often as wanted: services of one family share ' +
        'the work. `serve trainer` needs no bundle: it does the work of `train --remote`, one job at a time.',
    )
    .argument('[family...]', 'for example net-vgg16-gru, image-hash, joiner; or trainer')
    .option('--bundle <dir>', 'bundle folder that train made; all but a trainer need it')
    .option('--all', 'every family of the bundle, and the joiner')
    .addOption(
      new Option(
        '--shared <dir>',
        'of a trainer: folder below which datasets and artifacts lie, under the same path on every machine',
      ).env('PRIMATRIX_SHARED'),
    )
    .option(
      '--store <place>',
      'where services keep tensors: a folder that all of them reach, s3:<bucket>, nats-object:<bucket> (default: ' +
        'PRIMATRIX_STORE, else artifacts/store)',
    )
    .option(
      '--model <name>',
      'serve this version of a model of the bundle: one that `models list` names, or a folder; --canary and predict ' +
        '--versions send it work; can be given again',
      several,
    )
    .addOption(modelsOption())
    .addOption(choice('--device <name>', 'what computes', devices, 'cpu'))
    .addOption(threadsOption())
    .option(
      '--canary <part@versions=share>',
      'of the joiner: share of the clips that goes to another version; can be given again',
      (text: string, before: Canary[]) => [...before, readCanary(text)],
      [],
    )
    .option(
      '--ack-wait <ms>',
      'how long a worker may be silent before its work is given to another',
      wholeNumber({ min: 500 }),
      30_000,
    )
    .option('--max-deliver <n>', 'tries before work becomes a dead letter', wholeNumber({ min: 1 }), 5)
    .option(
      '--clip-cache <MiB>',
      'room for clips of an object store, in PRIMATRIX_CLIP_CACHE (default: ~/.cache/primatrix/clips)',
      wholeNumber({ min: 0 }),
      10_240,
    )
    .option('--wait <seconds>', 'how long to wait for a broker that is away', wholeNumber({ min: 0 }), 60)
    .addOption(replicasOption())
    .addOption(
      choice(
        '--log <kind>',
        'one line about each piece of work on stderr: for people, or as JSON',
        ['text', 'json'],
        'text',
      ).env('PRIMATRIX_LOG'),
    )
    .addOption(
      new Option(
        '--metrics-port <n>',
        'offer /metrics (Prometheus), /healthz and /readyz on this port, 0 for any free one; off by default',
      )
        .env('PRIMATRIX_METRICS_PORT')
        .argParser((text) => (text === '' ? undefined : port(text))),
    )
    .addOption(
      new Option('--metrics-host <address>', 'address for them to listen on; 0.0.0.0 in a container')
        .env('PRIMATRIX_METRICS_HOST')
        .default('127.0.0.1'),
    )
    .optionsGroup('Pages instead of services:')
    .option(
      '--ui',
      'instead, pages to add, watch, review and export clips in a browser; predicted on this machine alone and ' +
        'without NATS',
    )
    .option(
      '--remote',
      'with --ui: services on NATS_URL predict, 500 clips at once; they must reach clips and project folder under ' +
        'the same path, as on a shared disk',
    )
    .option('--project <dir>', 'with --ui: where clips, predictions and reviews are kept (in primatrix-review/)', '.')
    .option('--host <address>', 'with --ui: address to listen on', '127.0.0.1')
    .option('--port <n>', 'with --ui: port to listen on, 0 for any free one', wholeNumber({ min: 0 }), 8337)
    .option(
      '--no-folders',
      'with --ui: nobody may add folders of this machine, as is right behind a proxy, where all requests come from it',
    )
    .option('--max-upload <MiB>', 'with --ui: largest upload', wholeNumber({ min: 1 }), 2048)
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix serve --ui --bundle artifacts/sample/bundle\n' +
        '  $ primatrix serve --ui --remote --bundle bundle --project /mnt/shared/season --store /mnt/shared/store\n' +
        '  $ primatrix serve --all --bundle artifacts/sample/bundle\n' +
        '  $ primatrix serve net-vgg16-gru --bundle artifacts/sample/bundle --store /mnt/shared/store\n' +
        '  $ primatrix serve joiner --bundle bundle --canary net-vgg16-gru@1.4.0=0.1\n' +
        '  $ primatrix serve trainer --shared /mnt/shared --threads 1\n' +
        '  $ primatrix serve yolox-nano --bundle bundle --model new/yolox-nano\n\n' +
        'Traces go where OTEL_EXPORTER_OTLP_ENDPOINT says; without it none are recorded.',
    )
    .action(async (names: string[], options: ServeOptions) => {
      const log = openServiceLog(options.log);
      if (options.remote && !options.ui) {
        throw new UsageError('SERVE_FAMILY', 'serve: --remote goes with --ui: the pages have services do the work');
      }
      if (options.ui) {
        if (names.length > 0 || options.all) {
          throw new UsageError('SERVE_FAMILY', 'serve: --ui serves pages, and no families');
        }
      }
      const serve = () => {
        if (names.includes(trainerFamily) && !options.ui) {
          if (names.length === 1 && !options.all) return serveTrainer(options, log, session);
          throw new UsageError('SERVE_FAMILY', 'serve: a trainer is a process by itself: name nothing beside it');
        }
        const { bundle } = options;
        if (bundle === undefined) {
          throw new UsageError('SERVE_BUNDLE', 'serve: --bundle must name the bundle that is served', {
            hint: 'train makes one: artifacts/<dataset>/bundle; only `serve trainer` needs none',
          });
        }
        return options.ui
          ? serveUi({ ...options, source: { bundle } }, log, session)
          : serveFamilies(names, { ...options, bundle }, log, session);
      };
      if (options.log === 'text') return serve();
      // Whoever reads lines of JSON reads nothing else.
      session.say = log.info;
      try {
        await serve();
      } catch (error) {
        if (session.signal.aborted) throw error;
        const { text, status } = describeFailure(error);
        log.error(text, error instanceof PrimatrixError ? { code: error.code } : {});
        session.status = status;
      }
    });
}
