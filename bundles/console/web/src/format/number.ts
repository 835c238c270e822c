const LARGE = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const SMALL = ['', 'm', 'µ', 'n', 'p', 'f'];

function scaleOf(magnitude: number): { factor: number; suffix: string } {
  if (magnitude === 0 || !Number.isFinite(magnitude)) return { factor: 1, suffix: '' };
  const thousands = Math.floor(Math.log10(magnitude) / 3);
  if (thousands >= 0) {
    const power = Math.min(thousands, LARGE.length - 1);
    return { factor: 1000 ** power, suffix: LARGE[power] ?? '' };
  }
  const power = Math.min(-thousands, SMALL.length - 1);
  return { factor: 1000 ** -power, suffix: SMALL[power] ?? '' };
}

/**
 * Labels for the ticks of a value axis: all in the unit of the largest, with as many decimals as tell one tick from the
 * next, which lie `increment` apart.
 */
export function formatTicks(ticks: number[], increment: number): string[] {
  const { factor, suffix } = scaleOf(Math.max(...ticks.map(Math.abs)));
  const decimals = Math.min(10, Math.max(0, Math.ceil(-Math.log10(increment / factor) - 1e-9)));
  return ticks.map((tick) => (tick === 0 ? '0' : (tick / factor).toFixed(decimals) + suffix));
}

/** A value for people: all digits while it is short, else six significant ones with a unit prefix. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const plain = String(value);
  if (plain.length <= 8) return plain;
  const { factor, suffix } = scaleOf(Math.abs(value));
  return String(Number((value / factor).toPrecision(6))) + suffix;
}

export function parseValue(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return Number(text);
}
