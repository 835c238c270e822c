// Whoever is called at night: takes webhooks as Alertmanager sends them and prints one line for each alert.

import { createServer } from 'node:http';

export function listen(port, say) {
  return createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    let alerts;
    try {
      ({ alerts } = JSON.parse(body));
    } catch (error) {
      response.writeHead(400).end(`${error.message}\n`);
      return;
    }
    for (const { status, labels, annotations } of alerts) {
      const feature = labels.feature ? ` (${labels.feature})` : '';
      say(`PAGER ${status.toUpperCase()} ${labels.alertname}${feature}: ${annotations.summary}`);
    }
    response.end();
  }).listen(port, '127.0.0.1');
}
