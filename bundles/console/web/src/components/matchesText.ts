import type { Labels } from '../api/types';

/** Whether each word of the text occurs in one of the strings or in a `name=value` of the labels, whatever its case. */
export function matchesText(text: string, labels: Labels, ...strings: string[]): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const places = [...strings, ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)].map((s) => s.toLowerCase());
  return words.every((word) => places.some((place) => place.includes(word)));
}
