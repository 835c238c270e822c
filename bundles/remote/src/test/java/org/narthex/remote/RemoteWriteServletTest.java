package org.narthex.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.remote.TestRequest.literal;
import static org.narthex.remote.TestRequest.message;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.remote.TestRequest.Symbols;

class RemoteWriteServletTest {
    private static final List<String> UP = List.of("__name__", "up");
    private static final String V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

    private final RecordingStorage storage = new RecordingStorage();
    private final RemoteWriteServlet servlet = servlet("true");
    private final long now = System.currentTimeMillis();
    private final byte[] good =
            literal(message().series(UP, s -> s.sample(now, 1)).bytes());

    private final Map<String, String> answerHeaders = new HashMap<>();
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private int status;

    private RemoteWriteServlet servlet(String enabled) {
        RemoteWriteServlet made = new RemoteWriteServlet(
                new Flags(Map.of(Flag.WEB_ENABLE_REMOTE_WRITE_RECEIVER.property(), enabled)::get));
        made.setStorage(storage);
        return made;
    }

    private int call(RemoteWriteServlet to, String method, String type, long length, byte[] body) throws IOException {
        answer.reset();
        answerHeaders.clear();
        status = 200;
        to.service(request(method, type, length, body), response());
        return status;
    }

    private int post(String type, byte[] body) throws IOException {
        return call(servlet, "POST", type, body.length, body);
    }

    @Test
    void answersWithoutContentWhenAllIsKept() throws IOException {
        assertThat(post(null, good)).isEqualTo(204);
        assertThat(call(servlet, "POST", null, -1, good)).as("chunked").isEqualTo(204);
        assertThat(answer.size()).isZero();
        assertThat(answerHeaders).isEmpty();
        assertThat(storage.lines).hasSize(2);
    }

    @Test
    void countsWhatItWroteOfVersion2() throws IOException {
        Symbols symbols = new Symbols();
        TestRequest series = message().part(5, s -> {
            symbols.refs(s, UP);
            s.sample(now, 1).sample(now + 1, 1);
        });
        assertThat(post(V2, literal(symbols.request(series)))).isEqualTo(204);
        assertThat(answerHeaders)
                .containsEntry("X-Prometheus-Remote-Write-Samples-Written", "2")
                .containsEntry("X-Prometheus-Remote-Write-Histograms-Written", "0")
                .containsEntry("X-Prometheus-Remote-Write-Exemplars-Written", "0");
    }

    @Test
    void isThereOnlyWhenEnabled() throws IOException {
        assertThat(call(servlet("false"), "POST", null, good.length, good)).isEqualTo(404);
        assertThat(answer.toString(StandardCharsets.UTF_8))
                .isEqualTo("remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n");
        assertThat(storage.lines).isEmpty();
    }

    @Test
    void takesPostAlone() throws IOException {
        assertThat(call(servlet, "GET", null, 0, new byte[0])).isEqualTo(405);
        assertThat(answerHeaders).containsEntry("Allow", "POST");
    }

    @Test
    void refusesWhatItCannotRead() throws IOException {
        assertThat(post("text/plain", good)).isEqualTo(415);
        assertThat(post(null, new byte[] {1, 2, 3})).isEqualTo(400);
        assertThat(call(servlet, "POST", null, RemoteWriteServlet.MAX_BODY + 1L, good))
                .isEqualTo(413);
        assertThat(storage.lines).isEmpty();
    }

    @Test
    void answers400ForRefusedSamples() throws IOException {
        storage.newestMs = now + 5;
        assertThat(post(null, good)).isEqualTo(400);
        assertThat(answer.toString(StandardCharsets.UTF_8))
                .isEqualTo("out of order sample for series {__name__=\"up\"}\n");
    }

    @Test
    void asksForALaterTryWhileTheStorageRefuses() throws IOException {
        storage.failure = new IOException("disk full");
        Symbols symbols = new Symbols();
        TestRequest series = message().part(5, s -> {
            symbols.refs(s, UP);
            s.sample(now, 1);
        });
        assertThat(post(V2, literal(symbols.request(series)))).isEqualTo(503);
        assertThat(answerHeaders)
                .containsEntry("Retry-After", "1")
                .containsEntry("X-Prometheus-Remote-Write-Samples-Written", "0");
        servlet.unsetStorage(storage);
        assertThat(post(null, good)).isEqualTo(503);
        assertThat(answer.toString(StandardCharsets.UTF_8)).isEqualTo("there is no storage at present\n");
    }

    @Test
    void readsABodyLargerThanAnnouncedArrays() throws IOException {
        TestRequest many = message();
        for (int i = 0; i < 100_000; i++) {
            many.series(UP, s -> s.sample(now, 1));
        }
        byte[] large = literal(many.bytes());
        assertThat(large.length).isGreaterThan(2 << 20);
        assertThat(post(null, large)).isEqualTo(204);
        assertThat(call(servlet, "POST", null, -1, large)).isEqualTo(204);
        assertThat(storage.lines).hasSize(200_000);
    }

    private static HttpServletRequest request(String method, String type, long length, byte[] body) {
        ByteArrayInputStream bytes = new ByteArrayInputStream(body);
        ServletInputStream in = new ServletInputStream() {
            @Override
            public boolean isFinished() {
                return bytes.available() == 0;
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setReadListener(ReadListener listener) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read() {
                return bytes.read();
            }

            @Override
            public int read(byte[] into, int from, int count) {
                // As from a network: little by little.
                return bytes.read(into, from, Math.min(count, 1500));
            }
        };
        return (HttpServletRequest) Proxy.newProxyInstance(
                RemoteWriteServletTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, called, args) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getPathInfo", "getHeader" -> null;
                    case "getContentType" -> type;
                    case "getContentLengthLong" -> length;
                    case "getInputStream" -> in;
                    default -> throw new UnsupportedOperationException(called.getName());
                });
    }

    private HttpServletResponse response() {
        ServletOutputStream out = new ServletOutputStream() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(int b) {
                answer.write(b);
            }
        };
        return (HttpServletResponse) Proxy.newProxyInstance(
                RemoteWriteServletTest.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, called, args) -> {
                    switch (called.getName()) {
                        case "setStatus" -> status = (Integer) args[0];
                        case "setHeader" -> answerHeaders.put((String) args[0], (String) args[1]);
                        case "getOutputStream" -> {
                            return out;
                        }
                        case "setContentType", "setContentLength" -> {}
                        default -> throw new UnsupportedOperationException(called.getName());
                    }
                    return null;
                });
    }
}
