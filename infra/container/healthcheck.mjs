// Whether a service is there and holds a connection to its broker: exit status 0 or 1.
//   node healthcheck.mjs [process id; default 1, the service of a container]
// A service that hangs at its work shows in the queue: its work is given to another.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const [processId = '1'] = process.argv.slice(2);
const { NATS_URL = '' } = process.env;
const port = Number(new URL(NATS_URL).port || 4222);
const established = '01';

/** Sockets of the process, as `socket:[<inode>]`. */
const sockets = new Set(
  readdirSync(`/proc/${processId}/fd`).flatMap((name) => {
    try {
      return [readlinkSync(`/proc/${processId}/fd/${name}`)];
    } catch {
      return []; // closed meanwhile
    }
  }),
);
const connected = ['tcp', 'tcp6']
  .flatMap((kind) => readFileSync(`/proc/${processId}/net/${kind}`, 'utf8').trim().split('\n').slice(1))
  .map((line) => line.trim().split(/\s+/))
  .some(([, , remote = '', state, , , , , , inode]) => state === established && Number.parseInt(remote.split(':')[1] ?? '', 16) === port && sockets.has(`socket:[${inode}]`));
process.exitCode = connected ? 0 : 1;
