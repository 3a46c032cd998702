import { problemSchema } from '@primatrix/review-api';
import { z } from 'zod';
import { roleOf, type Answer, type Route } from './route.ts';

/** The OpenAPI 3.1 document of routes. */
export function openApi(routes: readonly Route[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of routes) (paths[one.path] ??= {})[one.method.toLowerCase()] = operation(one);
  return {
    openapi: '3.1.0',
    info: { title: 'Primatrix gateway', version, description: 'Clips in, predictions, reviews and exports out.' },
    security: [{ bearer: [] }],
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
    },
    paths,
  };
}

function operation(one: Route): Record<string, unknown> {
  const { path, summary, query, body, upload, answer, refusals = [] } = one;
  const role = roleOf(one);
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const { properties = {}, required = [] } =
    query === undefined
      ? {}
      : (jsonSchema(query, 'input') as { properties?: Record<string, unknown>; required?: string[] });
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
  const problem = {
    description: 'Refused',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  const content =
    body !== undefined
      ? { 'application/json': { schema: jsonSchema(body, 'input') } }
      : upload
        ? { 'application/octet-stream': {} }
        : undefined;
  return {
    summary,
    description: `Needs the role ${role}.`,
    parameters: [...inPath, ...inQuery],
    ...(content === undefined ? {} : { requestBody: { required: true, content } }),
    responses: {
      200: answerOf(answer),
      ...Object.fromEntries([401, ...(role === 'look' ? [] : [403]), ...refusals].map((status) => [status, problem])),
    },
  };
}

function answerOf(answer: Answer): Record<string, unknown> {
  if ('json' in answer) {
    return { description: 'Done', content: { 'application/json': { schema: jsonSchema(answer.json, 'output') } } };
  }
  return { description: answer.says, content: { [answer.media]: {} } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const document: Record<string, unknown> = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  delete document['$schema'];
  return document;
}
