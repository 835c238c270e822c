import { serverPath } from './base';
import { ApiError, openEnvelope, type Answer } from './envelope';
import type { BuildInfo, QueryData, RulesData, TargetsData } from './types';

type Params = Record<string, string | number>;

function encode(params: Params): URLSearchParams {
  return new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
}

async function call<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(serverPath(`api/v1/${path}`), { ...init, credentials: 'same-origin' });
    body = await response.text();
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('connection', 'The server cannot be reached.');
  }
  return openEnvelope<T>(response.status, body);
}

function get<T>(path: string, params: Params, signal?: AbortSignal): Promise<Answer<T>> {
  const query = encode(params).toString();
  return call<T>(query ? `${path}?${query}` : path, { signal });
}

/** A form, since an expression may be longer than an address may be. */
function post<T>(path: string, params: Params, signal?: AbortSignal): Promise<Answer<T>> {
  return call<T>(path, { method: 'POST', body: encode(params), signal });
}

/** Evaluates at one moment, Unix milliseconds. */
export function queryInstant(expr: string, timeMs: number, signal?: AbortSignal): Promise<Answer<QueryData>> {
  return post('query', { query: expr, time: timeMs / 1000 }, signal);
}

export interface Range {
  startMs: number;
  endMs: number;
  stepSeconds: number;
}

/** Evaluates from start to end, both included, at every step. */
export function queryRange(expr: string, range: Range, signal?: AbortSignal): Promise<Answer<QueryData>> {
  const params = { query: expr, start: range.startMs / 1000, end: range.endMs / 1000, step: range.stepSeconds };
  return post('query_range', params, signal);
}

export function targets(signal?: AbortSignal): Promise<Answer<TargetsData>> {
  return get('targets', { state: 'active' }, signal);
}

export function rules(type: 'alert' | 'all', signal?: AbortSignal): Promise<Answer<RulesData>> {
  return get('rules', type === 'all' ? {} : { type }, signal);
}

export function buildInfo(signal?: AbortSignal): Promise<Answer<BuildInfo>> {
  return get('status/buildinfo', {}, signal);
}
