import { PrimatrixError, type ClipFault, type ClipOutcome, type ErrorFields } from '@primatrix/contracts';

/** ffmpeg or ffprobe is missing, not executable, or could not be started. `code` is `VIDEO_TOOL`. */
export class VideoToolError extends PrimatrixError {
  constructor(message: string, options: ErrorOptions & { fields?: ErrorFields; hint?: string } = {}) {
    super('VIDEO_TOOL', message, options);
  }
}

/**
 * A clip that could not be read. `code` is `CLIP_FAULT`; `fault` says which of the closed list of faults it is;
 * `file` is the path as given.
 */
export class ClipError extends PrimatrixError {
  readonly fault: ClipFault;
  readonly file: string;

  constructor(fault: ClipFault, file: string, message: string, options: ErrorOptions & { hint?: string } = {}) {
    super('CLIP_FAULT', message, { ...options, fields: { file, fault } });
    this.fault = fault;
    this.file = file;
  }

  /** What is wrong and, where there is something, what to do about it: what people get to read of a clip. */
  get reason(): string {
    return this.hint === undefined ? this.message : `${this.message} (${this.hint})`;
  }

  /** The record of a clip that failed this way: no frame decoded. */
  get outcome(): ClipOutcome {
    return { status: 'failed', fault: this.fault, reason: this.reason, framesDecoded: 0, framesExpected: null };
  }
}
