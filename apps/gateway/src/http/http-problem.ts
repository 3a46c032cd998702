import { PrimatrixError, UsageError } from '@primatrix/contracts';
import type { Problem } from '@primatrix/review-api';
import { ClipError } from '@primatrix/video';

/** A request that is refused; `status` is HTTP's. */
export class HttpProblem extends PrimatrixError {
  readonly status: number;

  constructor(status: number, code: string, message: string, options: ErrorOptions & { hint?: string } = {}) {
    super(code, message, options);
    this.status = status;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  408: 'Too slow',
  409: 'Conflict',
  413: 'Too large',
  415: 'Not a clip',
  416: 'No such range',
  422: 'Not understood',
  500: 'Internal error',
  503: 'Busy',
  507: 'Disk full',
};

/** What is sent for an error. Of what is no one's fault but ours nothing is told. */
export function problemOf(error: unknown): Problem {
  const { status, code, detail, hint } = factsOf(error);
  return {
    type: 'about:blank',
    title: titles[status] ?? 'Error',
    status,
    detail,
    code,
    ...(hint === undefined ? {} : { hint }),
  };
}

function factsOf(error: unknown): { status: number; code: string; detail: string; hint?: string | undefined } {
  if (error instanceof HttpProblem) {
    return { status: error.status, code: error.code, detail: error.message, hint: error.hint };
  }
  if (error instanceof ClipError) {
    return {
      status: error.fault === 'missing' || error.fault === 'unreadable' ? 404 : 422,
      code: `CLIP_${error.fault}`,
      detail: `the clip cannot be read: ${error.fault}`,
    };
  }
  if (error instanceof UsageError) return { status: 422, code: error.code, detail: error.message, hint: error.hint };
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return {
      status: 507,
      code: 'DISK_FULL',
      detail: 'the disk of the project folder is full',
      hint: 'make room, then try again: nothing that was there is lost',
    };
  }
  // Fastify's own refusals: malformed JSON, unknown media types, bodies over its limit.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, code: code ?? 'BAD_REQUEST', detail: message ?? 'bad request' };
  }
  return { status: 500, code: 'INTERNAL', detail: 'something went wrong here; the log of the gateway says what' };
}
