// A server of HTTP/2 and HTTP/1.1 over TLS; arguments: key store (PKCS #12), its password. Says its port, and each request as a line.
const http2 = require('node:http2');
const fs = require('node:fs');

const server = http2.createSecureServer({
  pfx: fs.readFileSync(process.argv[2]),
  passphrase: process.argv[3],
  allowHTTP1: true,
});
// Streams that are closed with an error say so.
server.on('stream', (stream) => stream.on('error', () => {}));
server.on('request', (request, response) => {
  let received = 0;
  request.on('data', (piece) => (received += piece.length));
  request.on('end', () => {
    const host = request.headers[':authority'] || request.headers.host;
    const cookie = request.headers.cookie || '-';
    console.log(`${request.httpVersion} ${request.method} ${request.url} ${host} ${received} ${cookie}`);
    switch (request.url) {
      case '/ok?q=1':
        response.writeHead(200, { 'content-length': 11, 'x-kind': 'fine', 'x-long': 'abcdefgh0123456789'.repeat(50) });
        response.end('all is well');
        break;
      case '/again':
        response.writeHead(302, { location: '/ok?q=1', 'set-cookie': 'session=s1; Path=/' });
        response.end();
        break;
      case '/none':
        response.writeHead(204);
        response.end();
        break;
      case '/large':
        response.writeHead(200);
        response.end(Buffer.alloc(6 * 1024 * 1024, 'x'));
        break;
      case '/hints':
        if (response.writeEarlyHints) response.writeEarlyHints({ link: '</style.css>; rel=preload' });
        response.writeHead(200);
        response.end('hinted');
        break;
      case '/broken':
        response.writeHead(200);
        response.write('begun', () => response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
        break;
      case '/grpc.health.v1.Health/Check':
        response.writeHead(200, { 'content-type': 'application/grpc' });
        response.addTrailers({ 'grpc-status': '0' });
        response.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]));
        break;
      default:
        response.writeHead(404);
        response.end('nothing here');
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
