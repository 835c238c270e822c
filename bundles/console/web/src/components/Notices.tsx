import { Alert } from '@mantine/core';
import { ApiError } from '../api/envelope';

const TITLES: Record<string, string> = {
  bad_data: 'The request is not valid',
  execution: 'The query failed',
  timeout: 'The query took too long',
  canceled: 'The query was cancelled',
  unavailable: 'Not available now',
  connection: 'No connection',
};

/** A failed call: what kind of failure it is in words, the server's type, and its message as it came. */
export function ErrorNotice({ error }: { error: Error }) {
  const type = error instanceof ApiError ? error.errorType : 'console';
  return (
    <Alert color="red" variant="light" title={`${TITLES[type] ?? 'Something went wrong'} (${type})`} role="alert">
      <span className="message">{error.message}</span>
    </Alert>
  );
}

/** What the server remarks about an answer it nevertheless gave. */
export function Annotations({ warnings, infos }: { warnings: string[]; infos: string[] }) {
  return (
    <>
      <Remarks title="Warning" color="yellow" messages={warnings} />
      <Remarks title="Info" color="blue" messages={infos} />
    </>
  );
}

function Remarks({ title, color, messages }: { title: string; color: string; messages: string[] }) {
  if (messages.length === 0) return null;
  return (
    <Alert color={color} variant="light" title={title}>
      {messages.map((message) => (
        <div key={message} className="message">
          {message}
        </div>
      ))}
    </Alert>
  );
}
