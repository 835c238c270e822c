const UNITS: [name: string, ms: number][] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of a Prometheus duration such as `1h30m`; null if it is none. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  const match = DURATION.exec(trimmed);
  if (trimmed === '' || match === null) return null;
  return UNITS.reduce((sum, [, ms], i) => sum + Number(match[i + 1] ?? 0) * ms, 0);
}

/** The Prometheus duration of so many milliseconds: `5400000` is `1h30m`. Years and weeks only where they come out even. */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms);
  if (rest === 0) return '0s';
  let text = '';
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count === 0 || ((name === 'y' || name === 'w') && rest % size !== 0)) continue;
    text += count + name;
    rest -= count * size;
  }
  return text;
}

/** How long something took, to three digits: `4.2 ms`, `1.25 s`, `3 min 20 s`. */
export function formatElapsed(seconds: number): string {
  if (seconds >= 60) {
    const whole = Math.round(seconds);
    return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  }
  if (seconds >= 1) return `${Number(seconds.toPrecision(3))} s`;
  if (seconds >= 0.001) return `${Number((seconds * 1000).toPrecision(3))} ms`;
  return seconds > 0 ? `${Math.round(seconds * 1e6)} µs` : '0 s';
}
