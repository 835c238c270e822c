import type { Labels } from '../api/types';

/** Labels as small tags, sorted by name; those named in `hide` are left out. */
export function LabelBadges({ labels, hide = [] }: { labels: Labels; hide?: string[] }) {
  const names = Object.keys(labels)
    .filter((name) => !hide.includes(name))
    .sort();
  return (
    <span className="label-badges">
      {names.map((name) => (
        <span key={name} className="label-badge">
          <b>{name}</b>
          <span>{labels[name]}</span>
        </span>
      ))}
    </span>
  );
}
