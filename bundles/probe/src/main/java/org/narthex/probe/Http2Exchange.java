package org.narthex.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** HTTP/2, once for each connection. */
final class Http2Exchange implements HttpStream {
    /** They are about a connection of HTTP/1.1. */
    private static final Set<String> NOT_SENT =
            Set.of("connection", "host", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade");

    private final Http2Stream stream;
    private final HttpQuestion question;
    private HttpHead head;
    private boolean endsWithHead;

    /** @param limit the most bytes a body may have */
    Http2Exchange(InputStream in, OutputStream out, HttpQuestion question, long limit) {
        stream = new Http2Stream(in, out, limit);
        this.question = question;
    }

    @Override
    public void send() throws IOException {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry(":method", question.method()));
        headers.add(Map.entry(":scheme", question.url().scheme()));
        headers.add(Map.entry(":authority", question.authority()));
        headers.add(Map.entry(":path", question.url().path()));
        for (Map.Entry<String, String> header : question.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!NOT_SENT.contains(name)) {
                headers.add(Map.entry(name, header.getValue()));
            }
        }
        if (question.body().length() > 0) {
            headers.add(
                    Map.entry("content-length", Integer.toString(question.body().length())));
        }
        stream.send(headers, question.body());
    }

    @Override
    public void await() throws IOException {
        stream.headers();
        endsWithHead = stream.isOver();
    }

    @Override
    public HttpHead head() throws IOException {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        String status = "";
        for (Map.Entry<String, String> header : stream.headers()) {
            if (header.getKey().equals(":status")) {
                status = header.getValue();
            } else {
                headers.add(header);
            }
        }
        if (!status.matches("\\d{3}")) {
            throw new IOException("malformed HTTP response: the status is \"" + status + "\"");
        }
        head = new HttpHead("HTTP/2.0", Integer.parseInt(status), headers);
        return head;
    }

    @Override
    public long contentLength() throws IOException {
        long said = head.contentLength();
        return said < 0 && endsWithHead && !question.method().equals("HEAD") ? 0 : said;
    }

    @Override
    public HttpText body() throws IOException {
        HttpText body = stream.body();
        long said = head.contentLength();
        boolean mayDiffer = question.method().equals("HEAD") || head.isBodyless();
        if (said >= 0 && said != body.length() && !mayDiffer) {
            throw new IOException("the body has " + body.length() + " bytes instead of " + said);
        }
        return body;
    }
}
