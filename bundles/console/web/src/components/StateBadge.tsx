import { Badge } from '@mantine/core';

const COLORS: Record<string, string> = {
  up: 'green',
  ok: 'green',
  inactive: 'green',
  pending: 'yellow',
  unknown: 'gray',
  down: 'red',
  err: 'red',
  firing: 'red',
};

/** Health of a target or a rule, or the state of an alert. */
export function StateBadge({ state, count }: { state: string; count?: number }) {
  return (
    <Badge color={COLORS[state] ?? 'gray'} variant="light" radius="sm" className="state-badge">
      {count === undefined ? state : `${state} (${count})`}
    </Badge>
  );
}
