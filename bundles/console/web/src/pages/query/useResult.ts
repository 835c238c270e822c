import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/envelope';

/** An answer, with when it was asked for and how long it took to arrive and be read. */
export interface Result<Q, T> extends Answer<T> {
  asked: Q;
  loadMs: number;
}

/**
 * Runs a query; the previous answer stays on the page until the next one is there.
 *
 * @param key   asks again when it changes
 * @param plan  what to ask, made at the last moment since it may depend on the time of day
 */
export function useResult<Q, T>(
  key: readonly unknown[],
  enabled: boolean,
  plan: () => Q,
  ask: (asked: Q, signal: AbortSignal) => Promise<Answer<T>>,
) {
  return useQuery({
    queryKey: key,
    enabled,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    queryFn: async ({ signal }): Promise<Result<Q, T>> => {
      const asked = plan();
      const begin = performance.now();
      const answer = await ask(asked, signal);
      return { ...answer, asked, loadMs: performance.now() - begin };
    },
  });
}
