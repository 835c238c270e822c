import { formatAgo, formatTime, parseRfc3339 } from '../format/time';
import { useZone } from '../settings';
import { useNow } from './useNow';

/** A moment as "12 s ago"; hovering tells when exactly. */
export function Ago({ time }: { time: string | undefined }) {
  const now = useNow();
  const [zone] = useZone();
  const ms = parseRfc3339(time);
  return (
    <span className="nowrap" title={ms === null ? undefined : `${formatTime(ms, zone)} ${zone === 'utc' ? 'UTC' : 'local time'}`}>
      {formatAgo(ms, now)}
    </span>
  );
}
