package org.narthex.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleServletTest {
    private static final String SCRIPT = "console.log('narthex')";
    private static final byte[] COMPRESSED_SCRIPT = {31, -117, 8, 0};

    @TempDir
    Path files;

    @BeforeEach
    void layOutFiles() throws IOException {
        Files.createDirectory(files.resolve("assets"));
        Files.writeString(files.resolve("index.html"), "<html><base href=\"/\" />the page</html>");
        Files.writeString(files.resolve("favicon.svg"), "<svg/>");
        Files.writeString(files.resolve("assets/index-abc.js"), SCRIPT);
        Files.write(files.resolve("assets/index-abc.js.gz"), COMPRESSED_SCRIPT);
        Files.writeString(files.resolve("assets/index-abc.css"), "body{}");
        Files.writeString(files.resolve("licenses.txt"), "MIT");
        Files.writeString(files.resolve("secret.js"), "not for the web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/query", "/graph", "/alerts", "/rules", "/targets"})
    void showsTheOnePageForEveryPagePath(String path) throws Exception {
        FakeExchange answer = exchange("GET", path, Map.of());
        assertEquals(200, answer.status);
        assertTrue(answer.text().contains("the page"));
        assertEquals("text/html; charset=utf-8", answer.headers.get("Content-Type"));
        assertEquals("no-cache", answer.headers.get("Cache-Control"));
        assertEquals(String.valueOf(answer.body().length), answer.headers.get("Content-Length"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nosuch",
                "/query/more",
                "/api/v1/query",
                "/metrics",
                "/assets/",
                "/assets/nosuch.js",
                "/assets/index-abc.js.gz",
                "/assets/../secret.js",
                "/secret.js",
                "/index.html.gz"
            })
    void answers404ForWhatIsNeitherPageNorFile(String path) throws Exception {
        FakeExchange answer = exchange("GET", path, Map.of());
        assertEquals(404, answer.status);
        assertEquals("404 page not found\n", answer.text());
    }

    @Test
    void letsBrowsersKeepHashedFilesForGood() throws Exception {
        FakeExchange answer = exchange("GET", "/assets/index-abc.js", Map.of());
        assertEquals(SCRIPT, answer.text());
        assertEquals("text/javascript; charset=utf-8", answer.headers.get("Content-Type"));
        assertEquals("public, max-age=31536000, immutable", answer.headers.get("Cache-Control"));
        assertEquals("Accept-Encoding", answer.headers.get("Vary"));
        assertNull(answer.headers.get("Content-Encoding"));
        assertEquals("nosniff", answer.headers.get("X-Content-Type-Options"));
    }

    @Test
    void doesNotLetThemKeepTheIconForGood() throws Exception {
        FakeExchange answer = exchange("GET", "/favicon.svg", Map.of());
        assertEquals("image/svg+xml", answer.headers.get("Content-Type"));
        assertEquals("public, max-age=3600", answer.headers.get("Cache-Control"));
    }

    @Test
    void hasTheLicencesOfWhatItContains() throws Exception {
        FakeExchange answer = exchange("GET", "/licenses.txt", Map.of());
        assertEquals("MIT", answer.text());
        assertEquals("text/plain; charset=utf-8", answer.headers.get("Content-Type"));
    }

    @Test
    void sendsTheCompressedFileToThoseWhoAcceptIt() throws Exception {
        FakeExchange answer = exchange("GET", "/assets/index-abc.js", Map.of("Accept-Encoding", "br, gzip"));
        assertArrayEquals(COMPRESSED_SCRIPT, answer.body());
        assertEquals("gzip", answer.headers.get("Content-Encoding"));
        assertEquals("4", answer.headers.get("Content-Length"));
        assertEquals("text/javascript; charset=utf-8", answer.headers.get("Content-Type"));
    }

    @Test
    void sendsThePlainFileWhereThereIsNoCompressedOne() throws Exception {
        FakeExchange answer = exchange("GET", "/assets/index-abc.css", Map.of("Accept-Encoding", "gzip"));
        assertEquals("body{}", answer.text());
        assertNull(answer.headers.get("Content-Encoding"));
    }

    @Test
    void answersHeadWithHeadersAlone() throws Exception {
        for (String path : new String[] {"/query", "/assets/index-abc.js", "/nosuch"}) {
            FakeExchange get = exchange("GET", path, Map.of());
            FakeExchange head = exchange("HEAD", path, Map.of());
            assertEquals(get.status, head.status, path);
            assertEquals(get.headers, head.headers, path);
            assertEquals(0, head.body().length, path);
        }
    }

    @Test
    void doesNotSendThePageAgainToThoseWhoHaveIt() throws Exception {
        String etag = exchange("GET", "/query", Map.of()).headers.get("ETag");
        FakeExchange again = exchange("GET", "/targets", Map.of("If-None-Match", "\"other\", W/" + etag));
        assertEquals(304, again.status);
        assertEquals(0, again.body().length);
        assertEquals(200, exchange("GET", "/query", Map.of("If-None-Match", "\"other\"")).status);
    }

    @Test
    void fitsThePageToTheExternalPath() throws Exception {
        assertTrue(page(null).contains("<base href=\"/\""));
        assertTrue(page("/").contains("<base href=\"/\""));
        assertTrue(page("/narthex").contains("<base href=\"/narthex/\""));
        assertTrue(page("/a/b/").contains("<base href=\"/a/b/\""));
        assertFalse(page("/\"><script>").contains("<script>"));
    }

    @Test
    void refusesToStartWithoutThePage() {
        assertThrows(IOException.class, () -> new ConsoleServlet(path -> null, "/"));
    }

    private String page(String externalPath) throws Exception {
        return exchange("GET", "/", Map.of(), externalPath).text();
    }

    private FakeExchange exchange(String method, String path, Map<String, String> headers) throws Exception {
        return exchange(method, path, headers, "/");
    }

    private FakeExchange exchange(String method, String path, Map<String, String> headers, String externalPath)
            throws Exception {
        FakeExchange exchange = new FakeExchange(method, path, headers);
        ConsoleServlet servlet = new ConsoleServlet(this::find, externalPath);
        // HttpServlet's own way to HEAD depends on its configuration, which only a container gives.
        if (method.equals("HEAD")) {
            servlet.doGet(exchange.request(), exchange.response());
        } else {
            servlet.service(exchange.request(), exchange.response());
        }
        return exchange;
    }

    private URL find(String path) {
        Path file = files.resolve(path.substring(1));
        try {
            return Files.isRegularFile(file) ? file.toUri().toURL() : null;
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
