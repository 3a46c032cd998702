// Runs commands that its parent sends, one at a time, and sends back what they printed and how they ended.
import { EventEmitter } from 'node:events';

EventEmitter.defaultMaxListeners = 0;
const { run } = await import(process.argv[2]);
const write = process.stderr.write.bind(process.stderr);

process.on('message', async ({ args, cwd }) => {
  const printed = { stdout: '', stderr: '' };
  const take = (name) => (text, encoding, done) => {
    printed[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
    (typeof encoding === 'function' ? encoding : done)?.();
    return true;
  };
  process.stdout.write = take('stdout');
  process.stderr.write = take('stderr');
  process.chdir(cwd);
  let status;
  try {
    status = await run(args);
  } catch (error) {
    status = 'crash';
    printed.stderr += String(error?.stack ?? error);
  }
  process.send({ status, ...printed });
});
process.on('uncaughtException', (error) => {
  write(`uncaught: ${error.stack}\n`);
  process.exit(70);
});
process.on('unhandledRejection', (error) => {
  write(`unhandled: ${error?.stack ?? error}\n`);
  process.exit(70);
});
