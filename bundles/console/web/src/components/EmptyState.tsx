import type { ReactNode } from 'react';
import { Stack, Title } from '@mantine/core';

/** A page without content says why, and what to do about it. */
export function EmptyState({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack className="card" p="xl" gap="sm">
      <Title order={3}>{title}</Title>
      {children}
    </Stack>
  );
}
