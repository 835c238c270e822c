import { useSyncExternalStore, type ReactNode } from 'react';
import { basePath, serverPath } from './api/base';

/* The console has a handful of flat pages, so the browser's history is all the router it needs. */

const CHANGED = 'narthex:navigated';

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

export interface Place {
  /** Path below the server's prefix, with a leading slash: `/query`. */
  path: string;
  /** Query string without the question mark. */
  search: string;
}

export function usePlace(): Place {
  const pathname = useSyncExternalStore(subscribe, () => window.location.pathname);
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const base = basePath();
  const below = pathname.startsWith(base) ? pathname.slice(base.length) : '';
  return { path: `/${below.replace(/\/+$/, '')}`, search: search.replace(/^\?/, '') };
}

export function navigate(path: string, search = '', how: 'push' | 'replace' = 'push'): void {
  const address = serverPath(path) + (search ? `?${search}` : '');
  // Running the same query again is no new place to go back to.
  const same = address === window.location.pathname + window.location.search;
  window.history[how === 'replace' || same ? 'replaceState' : 'pushState'](null, '', address);
  window.dispatchEvent(new Event(CHANGED));
}

export function Link(props: { to: string; search?: string; className?: string; active?: boolean; children: ReactNode }) {
  const { to, search = '', className, active, children } = props;
  return (
    <a
      href={serverPath(to) + (search ? `?${search}` : '')}
      className={className}
      aria-current={active ? 'page' : undefined}
      onClick={(event) => {
        // Opening in a new tab or window stays the browser's business.
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(to, search);
      }}
    >
      {children}
    </a>
  );
}

/** One value of the query string as state; changing it does not add to the history. */
export function useSearchParam(name: string): [value: string, set: (value: string) => void] {
  const { path, search } = usePlace();
  const value = new URLSearchParams(search).get(name) ?? '';
  return [
    value,
    (next) => {
      const params = new URLSearchParams(search);
      if (next === '') params.delete(name);
      else params.set(name, next);
      navigate(path, params.toString(), 'replace');
    },
  ];
}
