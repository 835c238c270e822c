package org.narthex.probe;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** HTTP/1.1, once for each connection. */
final class Http1Stream implements HttpStream {
    private final InputStream in;
    private final OutputStream out;
    private final HttpQuestion question;
    private final String target;
    private final long limit;
    private HttpHead head;

    /**
     * @param target what stands in the first line: path and query, or the whole URL for a proxy
     * @param limit the most bytes a body may have
     */
    Http1Stream(InputStream in, OutputStream out, HttpQuestion question, String target, long limit) {
        this.in = new BufferedInputStream(in);
        this.out = out;
        this.question = question;
        this.target = target;
        this.limit = limit;
    }

    @Override
    public void send() throws IOException {
        StringBuilder text = new StringBuilder(
                question.method() + " " + target + " HTTP/1.1\r\nHost: " + question.authority() + "\r\n");
        question.headers().forEach(header -> text.append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        if (question.body().length() > 0) {
            text.append("Content-Length: ").append(question.body().length()).append("\r\n");
        }
        // In one piece: the rest of two would wait until the server says that it has the first.
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(text.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8));
        question.body().writeTo(whole);
        out.write(whole.toByteArray());
        out.flush();
    }

    @Override
    public void await() throws IOException {
        in.mark(1);
        int unused = in.read();
        in.reset();
    }

    @Override
    public HttpHead head() throws IOException {
        do {
            String line = HttpBody.line(in);
            head = new HttpHead(line.substring(0, Math.max(0, line.indexOf(' '))), status(line), headers());
        } while (head.isInformational());
        return head;
    }

    private static int status(String line) throws IOException {
        if (!line.matches("HTTP/\\d\\.\\d \\d{3}( .*)?")) {
            throw new IOException("malformed HTTP response \"" + line + "\"");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private List<Map.Entry<String, String>> headers() throws IOException {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String line = HttpBody.line(in); !line.isEmpty(); line = HttpBody.line(in)) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("malformed header line \"" + line + "\"");
            }
            headers.add(Map.entry(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return headers;
    }

    private boolean isChunked() {
        return head.header("Transfer-Encoding")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .equals("chunked");
    }

    @Override
    public long contentLength() throws IOException {
        return head.isBodyless() ? 0 : isChunked() ? -1 : head.contentLength();
    }

    @Override
    public HttpText body() throws IOException {
        long length = contentLength();
        if (head.isBodyless() || question.method().equals("HEAD")) {
            return HttpText.NONE;
        }
        if (isChunked()) {
            return new HttpText(HttpBody.chunked(in, limit));
        }
        return new HttpText(length >= 0 ? HttpBody.sized(in, length, limit) : HttpBody.rest(in, limit));
    }
}
