import type { ReactNode } from 'react';
import { Group, Loader, Text } from '@mantine/core';
import { formatElapsed } from '../../format/duration';

interface Props {
  result: { loadMs: number } | undefined;
  series: number;
  loading: boolean;
  /** The inputs of the tab. */
  children: ReactNode;
}

/** Inputs on the left, facts about the answer on the right. */
export function ResultBar({ result, series, loading, children }: Props) {
  return (
    <Group justify="space-between" gap="sm">
      <Group gap="sm">{children}</Group>
      <Group gap="xs">
        {loading && <Loader size="xs" />}
        {result && (
          <Text size="sm" c="dimmed">
            Load time: {formatElapsed(result.loadMs / 1000)} · Result series: {series}
          </Text>
        )}
      </Group>
    </Group>
  );
}
