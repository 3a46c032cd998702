import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DurableLog, sha256Bytes } from '@primatrix/files';
import { roles, type Invited, type InviteInput, type Me, type Person } from '@primatrix/review-api';
import { z } from 'zod';
import { HttpProblem } from '../http/http-problem.ts';
import type { KeyHolders } from '../http/signed-in.ts';
import { cookieOf } from '../http/token-guard.ts';
import { Turns } from '../project/turns.ts';

/** Lines of the log: somebody was invited or left, or so many clips are for two. The last line about something counts. */
const entrySchema = z.union([
  z.object({
    person: z.string(),
    name: z.string(),
    role: z.enum(roles),
    /** SHA-256 of the key, and of the cookie that is made from it: who reads the project's files cannot sign in by them. */
    key: z.string(),
    cookie: z.string(),
    at: z.string(),
  }),
  z.object({ left: z.string(), at: z.string() }),
  z.object({ secondShare: z.number(), at: z.string() }),
]);
type Entry = z.infer<typeof entrySchema>;
type Invitation = Extract<Entry, { person: string }>;

/** Who may work on a project beside whoever started the pages: all of it stays in the project's folder. */
export class ProjectPeople implements KeyHolders, AsyncDisposable {
  private readonly log: DurableLog<Entry>;
  private readonly state: PeopleState;
  private readonly now: () => Date;
  /** A name that was free still is when it is taken. */
  private readonly turns = new Turns();

  private constructor(log: DurableLog<Entry>, state: PeopleState, now: () => Date) {
    this.log = log;
    this.state = state;
    this.now = now;
  }

  /** Reads who was invited; `folder` is the project's. */
  static async open(folder: string, now: () => Date): Promise<ProjectPeople> {
    const state = new PeopleState();
    const log = await DurableLog.open(join(folder, 'people.jsonl'), entrySchema, (entry) => state.take(entry));
    return new ProjectPeople(log, state, now);
  }

  byKey(digest: string): Me | undefined {
    return this.find(({ key }) => key === digest);
  }

  byCookie(digest: string): Me | undefined {
    return this.find(({ cookie }) => cookie === digest);
  }

  /** In the order in which they were invited. */
  list(): Person[] {
    return [...this.state.people.values()].map(personOf);
  }

  /** Share of the clips that two people shall look at, 0 to 1. */
  get secondShare(): number {
    return this.state.secondShare;
  }

  /** @throws HttpProblem 409 where somebody of that name is there */
  invite({ name, role }: InviteInput): Promise<Invited> {
    return this.turns.take(async () => {
      const given = name.normalize('NFC');
      if (this.list().some((person) => sameName(person.name, given))) {
        throw new HttpProblem(409, 'PERSON_KNOWN', `'${given}' is invited already`, {
          hint: 'remove them first for a new invitation, or add the first letter of the family name',
        });
      }
      const key = randomBytes(24).toString('base64url');
      const entry = {
        ...{ person: randomUUID(), name: given, role, at: this.now().toISOString() },
        ...{ key: sha256Bytes(key), cookie: sha256Bytes(cookieOf(key)) },
      };
      await this.keep(entry);
      return { person: personOf(entry), path: `/?token=${key}` };
    });
  }

  /**
   * From now on their key opens nothing; what they decided stays, with their name.
   * @throws HttpProblem 404
   */
  remove(id: string): Promise<void> {
    return this.turns.take(async () => {
      if (!this.state.people.has(id)) throw new HttpProblem(404, 'PERSON_UNKNOWN', 'there is no such person here');
      await this.keep({ left: id, at: this.now().toISOString() });
    });
  }

  setSecondShare(secondShare: number): Promise<void> {
    return this.turns.take(() => this.keep({ secondShare, at: this.now().toISOString() }));
  }

  private find(holds: (one: Invitation) => boolean): Me | undefined {
    for (const one of this.state.people.values()) if (holds(one)) return { name: one.name, role: one.role };
    return undefined;
  }

  private async keep(entry: Entry): Promise<void> {
    await this.log.append([entry]);
    this.state.take(entry);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.turns.over();
    await this.log[Symbol.asyncDispose]();
  }
}

/** What the log comes to. */
class PeopleState {
  readonly people = new Map<string, Invitation>();
  secondShare = 0;

  take(entry: Entry): void {
    if ('person' in entry) this.people.set(entry.person, entry);
    else if ('left' in entry) this.people.delete(entry.left);
    else this.secondShare = entry.secondShare;
  }
}

function personOf({ person, name, role, at }: Invitation): Person {
  return { id: person, name, role, invited: at };
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
