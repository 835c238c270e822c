import { Component, type ReactNode } from 'react';
import { Button, Stack } from '@mantine/core';
import { ErrorNotice } from './Notices';

interface State {
  error: Error | null;
}

/**
 * Shows what went wrong instead of an empty page. The usual reason is none of the user's: the console was replaced on
 * the server while this page was open, and the parts it would load now are gone; loading the page anew helps.
 */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Stack align="flex-start">
        <ErrorNotice error={error} />
        <Button onClick={() => window.location.reload()}>Load the page anew</Button>
      </Stack>
    );
  }
}
