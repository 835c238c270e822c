/** The zone times are shown in. Addresses (URLs) always carry UTC, so that a link means the same to everyone. */
export type Zone = 'utc' | 'local';

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

/** `2026-11-23 14:32:13`, with milliseconds only where there are some. */
export function formatTime(ms: number, zone: Zone = 'utc'): string {
  // Shifting by the offset lets the UTC getters read local time.
  const date = new Date(zone === 'utc' ? ms : ms - new Date(ms).getTimezoneOffset() * 60_000);
  const day = `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
  const clock = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`;
  const millis = date.getUTCMilliseconds();
  return `${day} ${clock}${millis === 0 ? '' : `.${pad(millis, 3)}`}`;
}

/** Reads what {@link formatTime} writes (the time of day may be shorter), RFC 3339, or Unix seconds; null otherwise. */
export function parseTime(text: string, zone: Zone = 'utc'): number | null {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 1000);
  const plain = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?$/.exec(trimmed);
  const iso = plain ? `${plain[1]}T${plain[2] ?? '00:00'}${zone === 'utc' ? 'Z' : ''}` : trimmed;
  if (!plain && !/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(trimmed)) return null;
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? null : ms;
}

/** Milliseconds of an RFC 3339 time of the API; null for none and for Go's zero time, which stands for "never". */
export function parseRfc3339(text: string | undefined): number | null {
  if (!text || text.startsWith('0001-')) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** `just now`, `12 s ago`, `4 min ago`, `3 h ago`, `2 d ago`; `in …` for what lies ahead. */
export function formatAgo(ms: number | null, nowMs: number): string {
  if (ms === null) return 'never';
  const seconds = Math.abs(nowMs - ms) / 1000;
  // A second either way is the difference between two clocks, not news.
  if (seconds < 1.5) return 'just now';
  const text =
    seconds < 90
      ? `${Math.round(seconds)} s`
      : seconds < 5400
        ? `${Math.round(seconds / 60)} min`
        : seconds < 129_600
          ? `${Math.round(seconds / 3600)} h`
          : `${Math.round(seconds / 86_400)} d`;
  return ms <= nowMs ? `${text} ago` : `in ${text}`;
}
