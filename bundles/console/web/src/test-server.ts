import { vi } from 'vitest';

/** What the pretended server was asked. */
export interface Asked {
  path: string;
  params: URLSearchParams;
}

type Reply = unknown | ((params: URLSearchParams) => Response);

export function success(data: unknown, more: { warnings?: string[]; infos?: string[] } = {}): Response {
  return new Response(JSON.stringify({ status: 'success', data, ...more }));
}

export function failure(status: number, errorType: string, error: string): Response {
  return new Response(JSON.stringify({ status: 'error', errorType, error }), { status });
}

/**
 * Puts a server behind `fetch` that answers these paths of the API, with data or with what a function returns, and 404
 * for all others.
 */
export function pretendServer(replies: Record<string, Reply>): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', (address: string, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(address, 'http://localhost');
    const params = new URLSearchParams(init.body instanceof URLSearchParams ? init.body : url.search);
    asked.push({ path: url.pathname, params });
    const reply = replies[url.pathname.replace(/^.*\/api\/v1\//, '')];
    if (reply === undefined) return Promise.resolve(failure(404, 'not_found', `no ${url.pathname}`));
    return Promise.resolve(typeof reply === 'function' ? (reply as (p: URLSearchParams) => Response)(params) : success(reply));
  });
  return asked;
}
