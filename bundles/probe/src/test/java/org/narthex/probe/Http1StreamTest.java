package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class Http1StreamTest {
    @Test
    void sendsARequestInOnePiece() throws Exception {
        List<String> pieces = new ArrayList<>();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                pieces.add(String.valueOf((char) b));
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                pieces.add(new String(Arrays.copyOfRange(bytes, from, from + length), StandardCharsets.UTF_8));
            }
        };
        HttpQuestion question = new HttpQuestion(
                HttpUrl.parse("http://a/b?c"),
                "POST",
                "a",
                List.of(Map.entry("X-Kind", "fine")),
                new HttpText("text".getBytes(StandardCharsets.UTF_8)));
        new Http1Stream(InputStream.nullInputStream(), out, question, "/b?c", 100).send();
        assertThat(pieces)
                .containsExactly("POST /b?c HTTP/1.1\r\nHost: a\r\nX-Kind: fine\r\nContent-Length: 4\r\n"
                        + "Connection: close\r\n\r\ntext");
    }
}
