import { useState, type ReactNode } from 'react';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ApiError } from './api/envelope';
import { theme } from './theme';

/** What an answer from the server cannot change; trying again would only ask the same. */
const FINAL = new Set(['bad_data', 'execution', 'timeout', 'canceled', 'not_found']);

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 1 && !(error instanceof ApiError && FINAL.has(error.errorType)),
        // The server is most likely on this machine or in this network: being "offline" says nothing about it.
        networkMode: 'always',
      },
    },
  });
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(newQueryClient);
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        {children}
      </MantineProvider>
    </QueryClientProvider>
  );
}
