/* Told apart by most kinds of colour vision in this order; the second of a pair is for dark ground. */
const COLORS: [onLight: string, onDark: string][] = [
  ['#d9480f', '#ff8a4c'],
  ['#1c7ed6', '#5ab0f7'],
  ['#2b8a3e', '#63c779'],
  ['#9c36b5', '#d081e6'],
  ['#c79a00', '#f2cc4d'],
  ['#0b8a8f', '#45c8cd'],
  ['#c2255c', '#f783ac'],
  ['#5f3dc4', '#9b86f2'],
  ['#66820f', '#b4d455'],
  ['#845d3e', '#c9a383'],
];

export function seriesColor(index: number, dark: boolean): string {
  const [onLight, onDark] = COLORS[index % COLORS.length] ?? ['#000000', '#ffffff'];
  return dark ? onDark : onLight;
}
