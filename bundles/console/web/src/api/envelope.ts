/** A failed call: what the server said, or that it could not be reached (`connection`). */
export class ApiError extends Error {
  constructor(
    readonly errorType: string,
    message: string,
    readonly status = 0,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export interface Answer<T> {
  data: T;
  warnings: string[];
  infos: string[];
}

/** Opens the envelope every answer of `/api/v1` comes in; throws {@link ApiError} unless it holds a success. */
export function openEnvelope<T>(status: number, body: string): Answer<T> {
  const envelope = parseObject(body);
  if (envelope === null || (envelope.status !== 'success' && envelope.status !== 'error')) {
    throw notAnEnvelope(status, body);
  }
  if (envelope.status === 'error') {
    throw new ApiError(
      typeof envelope.errorType === 'string' ? envelope.errorType : 'unknown',
      typeof envelope.error === 'string' ? envelope.error : `the server answered ${status} without a message`,
      status,
    );
  }
  return { data: envelope.data as T, warnings: strings(envelope.warnings), infos: strings(envelope.infos) };
}

function parseObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** During start and shutdown, and from proxies in between, plain text or HTML comes instead of the envelope. */
function notAnEnvelope(status: number, body: string): ApiError {
  if (status === 503) return new ApiError('unavailable', 'The server is starting or stopping; try again shortly.', status);
  const text = body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 200);
  return new ApiError('unexpected', `The answer (status ${status}) is not from the API${text ? `: ${text}` : '.'}`, status);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
