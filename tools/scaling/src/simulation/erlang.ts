/**
 * Share of arrivals that must wait where `servers` serve at random and arrivals are Poisson (Erlang's C).
 * @param load arrivals a second times mean service seconds; below `servers`
 */
export function erlangC(servers: number, load: number): number {
  // Erlang's B by its recursion, which does not overflow.
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked);
  const utilisation = load / servers;
  return blocked / (1 - utilisation + utilisation * blocked);
}

/** Mean seconds that an arrival waits in an M/M/c queue. */
export function meanWaitSeconds(servers: number, arrivalsPerSecond: number, serviceSeconds: number): number {
  const load = arrivalsPerSecond * serviceSeconds;
  return (erlangC(servers, load) * serviceSeconds) / (servers - load);
}
