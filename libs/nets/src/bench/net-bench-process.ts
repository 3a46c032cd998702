import { measureNet, type NetBenchCase } from './measure-net.ts';

// A process of its own, so that the peak of its memory is this net's. It ends with its parent.
process.once('disconnect', () => process.exit());
process.once('message', (of: NetBenchCase) => {
  measureNet(of).then(
    (result) => process.send?.({ result }, () => process.disconnect()),
    (error: unknown) => process.send?.({ error: (error as Error).message }, () => process.disconnect()),
  );
});
