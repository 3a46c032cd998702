import { once } from 'node:events';
import { UsageError } from '@primatrix/contracts';
import { devices } from '@primatrix/onnx';
import { readBundle } from '@primatrix/pipeline';
import { bundleParts, ClipCache, joinerFamily, openAnswers, openParts, readCanary, startJoiner, startService, type Canary, type Service } from '@primatrix/services';
import { Command } from 'commander';
import { featureContext, installedFamilies } from '../installed-families.ts';
import { openBroker } from '../open-broker.ts';
import { choice, wholeNumber } from '../parse-option.ts';
import { prepareLightgbm } from '../prepare-lightgbm.ts';
import { serveUi, type ServeUiOptions } from '../serve-ui.ts';
import type { Session } from '../session.ts';

interface ServeOptions extends ServeUiOptions {
  readonly ui?: true;
  readonly all?: true;
  readonly store?: string;
  readonly canary: readonly Canary[];
  readonly ackWait: number;
  readonly maxDeliver: number;
  readonly clipCache: number;
}

/** `primatrix serve`: families of a bundle as services on NATS. */
export function serveCommand(session: Session): Command {
  return new Command('serve')
    .summary('run families of a bundle as services on NATS')
    .description('Serves families of a bundle on the server that NATS_URL names, until it is stopped (Ctrl-C, SIGTERM): then it takes no more work and finishes what it has. Start it as often as wanted: services of one family share the work.')
    .argument('[family...]', 'for example net-vgg16-gru, image-hash, joiner')
    .requiredOption('--bundle <dir>', 'bundle folder that train made')
    .option('--all', 'every family of the bundle, and the joiner')
    .option('--store <place>', 'where services keep tensors: a folder that all of them reach, s3:<bucket>, nats-object:<bucket> (default: PRIMATRIX_STORE, else artifacts/store)')
    .addOption(choice('--device <name>', 'what computes', devices, 'cpu'))
    .option('--canary <part@versions=share>', 'of the joiner: share of the clips that goes to another version; can be given again', (text: string, before: Canary[]) => [...before, readCanary(text)], [])
    .option('--ack-wait <ms>', 'how long a worker may be silent before its work is given to another', wholeNumber({ min: 500 }), 30_000)
    .option('--max-deliver <n>', 'tries before work becomes a dead letter', wholeNumber({ min: 1 }), 5)
    .option('--clip-cache <MiB>', 'room for clips of an object store, in PRIMATRIX_CLIP_CACHE (default: ~/.cache/primatrix/clips)', wholeNumber({ min: 0 }), 10_240)
    .option('--ui', 'instead, pages to add, watch, review and export clips in a browser, on this machine alone and without NATS')
    .option('--project <dir>', 'with --ui: where clips, predictions and reviews are kept (in primatrix-review/)', '.')
    .option('--host <address>', 'with --ui: address to listen on', '127.0.0.1')
    .option('--port <n>', 'with --ui: port to listen on, 0 for any free one', wholeNumber({ min: 0 }), 8337)
    .option('--max-upload <MiB>', 'with --ui: largest upload', wholeNumber({ min: 1 }), 2048)
    .addHelpText('after', '\nExamples:\n  $ primatrix serve --ui --bundle artifacts/sample/bundle\n  $ primatrix serve --all --bundle artifacts/sample/bundle\n  $ primatrix serve net-vgg16-gru --bundle artifacts/sample/bundle --store /mnt/shared/store\n  $ primatrix serve joiner --bundle bundle --canary net-vgg16-gru@1.4.0=0.1')
    .action(async (names: string[], options: ServeOptions) => {
      if (options.ui) {
        if (names.length > 0 || options.all) throw new UsageError('SERVE_FAMILY', 'serve: --ui serves pages, and no families');
        return serveUi(options, session);
      }
      const { manifest, digest } = await readBundle(options.bundle);
      const known = [joinerFamily, ...new Set(bundleParts(manifest).map(({ family }) => family))];
      const unknown = names.find((name) => !known.includes(name));
      if (unknown !== undefined || (names.length > 0) === (options.all === true)) {
        throw new UsageError('SERVE_FAMILY', unknown === undefined ? 'serve: name families or give --all' : `serve: the bundle has no family '${unknown}'`, { hint: `families: ${known.join(', ')}` });
      }
      const only = options.all ? new Set(known) : new Set(names);
      await using broker = await openBroker('serve', options.store);
      const { bus, store } = broker;
      if ([...only].some((name) => name.startsWith('stack-lightgbm'))) await prepareLightgbm(session);
      const served = await openParts({ bundle: options.bundle, manifest, only, families: await installedFamilies(), context: featureContext({ device: options.device }), store, cache: new ClipCache({ limitBytes: options.clipCache * 2 ** 20 }) });
      const { ackWait: ackWaitMs, maxDeliver } = options;
      const answers = await openAnswers(bus);
      const running: Omit<Service, 'part'>[] = [];
      for (const one of served) running.push(await startService(one, { bus, answers, ackWaitMs, maxDeliver, concurrency: one.part.stage === 'ingest' ? 2 : 1 }));
      if (only.has(joinerFamily)) running.push(await startJoiner({ bus, store, manifest, digest, canaries: options.canary, ackWaitMs, now: Date.now }));
      process.stderr.write(`serving ${[...only].join(', ')}\n`);
      const stopped = session.signal.aborted ? undefined : once(session.signal, 'abort');
      await Promise.race([stopped, Promise.all(running.map(({ ended }) => ended))]);
      await Promise.all(running.map((service) => service.stop()));
      await bus.close();
      for (const one of served) await one.dispose();
    });
}
