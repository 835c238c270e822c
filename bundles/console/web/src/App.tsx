import { lazy, Suspense, useEffect, type ComponentType } from 'react';
import { Center, Loader, Text, Title } from '@mantine/core';
import { ErrorBoundary } from './components/ErrorBoundary';
import { Header } from './components/Header';
import { Link, usePlace } from './router';
import { Providers } from './Providers';

interface Page {
  title: string;
  content: ComponentType;
}

/* Each page is a chunk of its own: the list of targets needs neither editor nor chart. */
const query: Page = { title: 'Query', content: lazy(() => import('./pages/query/QueryPage')) };
const PAGES: Record<string, Page> = {
  '/': query,
  '/query': query,
  // Prometheus 2's name, which links in alerts still use.
  '/graph': query,
  '/alerts': { title: 'Alerts', content: lazy(() => import('./pages/alerts/AlertsPage')) },
  '/rules': { title: 'Rules', content: lazy(() => import('./pages/rules/RulesPage')) },
  '/targets': { title: 'Targets', content: lazy(() => import('./pages/targets/TargetsPage')) },
};

export function App() {
  return (
    <Providers>
      <Shell />
    </Providers>
  );
}

function Shell() {
  const { path } = usePlace();
  const page = PAGES[path];
  useEffect(() => {
    document.title = page ? `${page.title} · Narthex` : 'Narthex';
  }, [page]);
  return (
    <>
      <Header />
      <main className="page">
        <ErrorBoundary key={page?.title}>
          <Suspense
            fallback={
              <Center p="xl">
                <Loader />
              </Center>
            }
          >
            {page ? <page.content /> : <NoSuchPage path={path} />}
          </Suspense>
        </ErrorBoundary>
      </main>
    </>
  );
}

function NoSuchPage({ path }: { path: string }) {
  return (
    <>
      <Title order={2}>There is no page {path}</Title>
      <Text>
        Go to{' '}
        <Link to="/query" className="plain">
          the query page
        </Link>
        .
      </Text>
    </>
  );
}
