import type { ReactNode } from 'react';
import { Group, SegmentedControl, TextInput } from '@mantine/core';

interface Props {
  text: string;
  onText: (text: string) => void;
  placeholder: string;
  /** What the choice is about, for those who cannot see it. */
  choiceLabel: string;
  choice: string;
  choices: { value: string; label: string }[];
  onChoice: (choice: string) => void;
  children?: ReactNode;
}

/** A choice of states and a text, as all lists have them. */
export function FilterBar({ text, onText, placeholder, choiceLabel, choice, choices, onChoice, children }: Props) {
  return (
    <Group gap="sm" mb="md">
      <SegmentedControl aria-label={choiceLabel} value={choice} onChange={onChoice} data={choices} />
      <TextInput
        aria-label="Filter"
        placeholder={placeholder}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        style={{ flex: '1 1 14rem', maxWidth: '28rem' }}
      />
      {children}
    </Group>
  );
}
