// The joiner of a bundle in a process of its own, so that its processor time can be told: <url> <store> <bundle>.
import { JetStreamBus } from '@primatrix/messaging';
import { readBundle } from '@primatrix/prediction';
import { startJoiner } from '@primatrix/services';
import { openTensorStore } from '@primatrix/tensor-store';

const [url = '', place = '', bundle = ''] = process.argv.slice(2);
const { manifest, digest } = await readBundle(bundle);
const bus = await JetStreamBus.connect(url);
const joiner = await startJoiner({
  bus,
  store: await openTensorStore(place, bus.connection),
  manifest,
  digest,
  now: Date.now,
});
process.once('disconnect', () => void joiner.stop().then(() => bus.close()));
process.send?.('ready');
