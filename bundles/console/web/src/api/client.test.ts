import { describe, expect, it, vi } from 'vitest';
import { failure, pretendServer } from '../test-server';
import { queryInstant, queryRange, targets } from './client';

describe('the client', () => {
  it('sends an expression as a form, times in seconds', async () => {
    const asked = pretendServer({ query: { resultType: 'vector', result: [] } });
    await queryInstant('up == 0', 1_700_000_000_500);
    expect(asked[0]?.path).toBe('/api/v1/query');
    expect(Object.fromEntries(asked[0]?.params ?? [])).toEqual({ query: 'up == 0', time: '1700000000.5' });
  });

  it('sends start, end and step of a range', async () => {
    const asked = pretendServer({ query_range: { resultType: 'matrix', result: [] } });
    await queryRange('up', { startMs: 1000, endMs: 61_000, stepSeconds: 15 });
    expect(Object.fromEntries(asked[0]?.params ?? [])).toEqual({ query: 'up', start: '1', end: '61', step: '15' });
  });

  it('asks below the path the page is served under', async () => {
    const base = document.createElement('base');
    base.href = '/narthex/';
    document.head.append(base);
    const asked = pretendServer({ targets: { activeTargets: [] } });
    await targets();
    base.remove();
    expect(asked[0]?.path).toBe('/narthex/api/v1/targets');
  });

  it('turns an error answer into an ApiError', async () => {
    pretendServer({ query: () => failure(422, 'execution', 'too many samples') });
    await expect(queryInstant('up', 0)).rejects.toMatchObject({ errorType: 'execution', message: 'too many samples', status: 422 });
  });

  it('says so when the server cannot be reached', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(queryInstant('up', 0)).rejects.toMatchObject({ errorType: 'connection' });
  });
});
