import { useSyncExternalStore } from 'react';
import type { Zone } from './format/time';

const KEY = 'narthex.zone';
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Zone {
  return window.localStorage.getItem(KEY) === 'local' ? 'local' : 'utc';
}

/** The zone times are shown in, kept in this browser. */
export function useZone(): [zone: Zone, set: (zone: Zone) => void] {
  const zone = useSyncExternalStore(subscribe, read);
  return [
    zone,
    (next) => {
      window.localStorage.setItem(KEY, next);
      listeners.forEach((listener) => listener());
    },
  ];
}
