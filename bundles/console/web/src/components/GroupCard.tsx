import type { ReactNode } from 'react';
import { Group, Text } from '@mantine/core';
import { formatDuration, formatElapsed } from '../format/duration';
import { Ago } from './Ago';

interface Props {
  group: { name: string; file: string; interval: number; evaluationTime: number; lastEvaluation: string };
  children: ReactNode;
}

/** A rule group: its name, where it is written, and how its last evaluation went. */
export function GroupCard({ group, children }: Props) {
  return (
    <section className="card">
      <Group justify="space-between" gap="xs" px="md" py="sm">
        <Group gap="sm">
          <Text fw={600}>{group.name}</Text>
          <Text size="sm" c="dimmed" className="message">
            {group.file}
          </Text>
        </Group>
        <Text size="sm" c="dimmed">
          every {formatDuration(group.interval * 1000)} · last run <Ago time={group.lastEvaluation} /> · took{' '}
          {formatElapsed(group.evaluationTime)}
        </Text>
      </Group>
      {children}
    </section>
  );
}
