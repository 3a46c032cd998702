import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Me, Role } from '@primatrix/review-api';
import { HttpProblem } from './http-problem.ts';
import { mustBe, whoAsks } from './signed-in.ts';

/** What a route answers with: JSON that its schema describes, or something else that it sends itself. */
export type Answer = { readonly json: z.ZodType } | { readonly media: string; readonly says: string };

/** One route: the same schemas check requests and make the OpenAPI document. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Below the root, parameters as `{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Takes the body as it comes, in pieces. */
  readonly upload?: true;
  /** Who may ask; absent: what changes nothing, everybody who was let in; all else, who manages. */
  readonly role?: Role;
  readonly answer: Answer;
  /** Statuses besides 200 and 401. */
  readonly refusals?: readonly number[];
  readonly handle: (input: RouteInput) => unknown;
}

export interface RouteInput {
  readonly params: Readonly<Record<string, string>>;
  /** As the route's schemas parsed them. */
  readonly query: unknown;
  readonly body: unknown;
  /** Who asks. */
  readonly me: Me;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.infer<Schema> : undefined;

/** What a handler gives back: what the answer's schema describes; of what is no JSON, whatever is sent. */
type Answered<Own extends Answer> = Own extends { readonly json: infer Json extends z.ZodType }
  ? z.infer<Json>
  : unknown;

/** A route whose handler sees query and body as its schemas have parsed them, and answers as its schema says. */
export function route<
  const Own extends Answer,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  definition: Omit<Route, 'query' | 'body' | 'answer' | 'handle'> & {
    readonly query?: Query;
    readonly body?: Body;
    readonly answer: Own;
    readonly handle: (
      input: RouteInput & { readonly query: Parsed<Query>; readonly body: Parsed<Body> },
    ) => Answered<Own> | Promise<Answered<Own>>;
  },
): Route {
  return definition as unknown as Route;
}

/** Registers routes; what a schema refuses is a problem 422 that names the field. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[]): void {
  for (const one of routes) {
    const { method, path, query, body, upload, handle } = one;
    app.route({
      method,
      url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      config: { upload: upload === true },
      handler: async (request, reply) => {
        mustBe(roleOf(one), request);
        const me = whoAsks(request);
        const input = {
          params: request.params as Record<string, string>,
          query: parse(query, request.query, 'query'),
          body: parse(body, signed(body, request.body, me), 'body'),
          me,
          request,
          reply,
        };
        const answer = await handle(input);
        return answer === undefined && reply.sent ? reply : answer;
      },
    });
  }
}

/** Who may ask for a route. */
export function roleOf({ method, role }: Pick<Route, 'method' | 'role'>): Role {
  return role ?? (method === 'GET' ? 'look' : 'manage');
}

/** Whoever has an account decides in that name, whatever the request says. */
function signed(schema: z.ZodType | undefined, body: unknown, { name }: Me): unknown {
  if (name === null || !(schema instanceof z.ZodObject) || !('by' in schema.shape)) return body;
  return typeof body === 'object' && body !== null ? { ...body, by: name } : body;
}

function parse(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HttpProblem(422, 'REQUEST', `${where}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
}
