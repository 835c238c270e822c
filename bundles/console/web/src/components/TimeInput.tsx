import { useEffect, useState } from 'react';
import { ActionIcon, Group, TextInput } from '@mantine/core';
import { formatTime, parseTime } from '../format/time';
import { useZone } from '../settings';

interface Props {
  label: string;
  /** Unix milliseconds; null is now. */
  value: number | null;
  onChange: (value: number | null) => void;
  /** How far the arrows move it. */
  stepMs: number;
}

/** A point in time, or now when it is empty; taken on Enter or when the field is left. */
export function TimeInput({ label, value, onChange, stepMs }: Props) {
  const [zone] = useZone();
  const shown = value === null ? '' : formatTime(value, zone);
  const [draft, setDraft] = useState(shown);
  useEffect(() => setDraft(shown), [shown]);
  const parsed = draft.trim() === '' ? null : parseTime(draft, zone);
  const wrong = draft.trim() !== '' && parsed === null;

  const take = () => {
    if (!wrong && parsed !== value && draft !== shown) onChange(parsed);
  };
  const move = (direction: 1 | -1) => onChange(Math.floor((value ?? Date.now()) / 1000) * 1000 + direction * stepMs);

  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon variant="default" size={36} aria-label={`${label}: earlier`} onClick={() => move(-1)}>
        ‹
      </ActionIcon>
      <TextInput
        aria-label={label}
        placeholder={label}
        title={`${label}, ${zone === 'utc' ? 'UTC' : 'local time'}: 2026-01-31 12:00:00, or empty for now`}
        w={180}
        value={draft}
        error={wrong}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === 'Enter' && take()}
        rightSection={
          value !== null && (
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`${label}: now`} onClick={() => onChange(null)}>
              ×
            </ActionIcon>
          )
        }
      />
      <ActionIcon variant="default" size={36} aria-label={`${label}: later`} onClick={() => move(1)}>
        ›
      </ActionIcon>
    </Group>
  );
}
