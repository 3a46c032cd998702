import { measureNet, type NetBenchCase } from './measure-net.ts';

// A process of its own, so that the peak of its memory is this net's. Ends when its parent hangs up.
process.once('message', (of: NetBenchCase) => {
  measureNet(of).then(
    (result) => process.send?.({ result }, () => process.disconnect()),
    (error: unknown) => process.send?.({ error: (error as Error).message }, () => process.disconnect()),
  );
});
