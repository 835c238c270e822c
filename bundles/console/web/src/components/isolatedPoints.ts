/** Points with a gap on both sides: no line goes through them, so each is drawn as a dot or not seen at all. */
export function isolatedPoints(values: (number | null)[]): number[] {
  const isolated: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (values[i] != null && values[i - 1] == null && values[i + 1] == null) isolated.push(i);
  }
  return isolated;
}
