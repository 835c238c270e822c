package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.testkit.DamagedInput;

/** The examples are those of RFC 7541, appendix C. */
class HpackReaderTest {
    private final HpackReader reader = new HpackReader();

    private List<Map.Entry<String, String>> read(String hex) throws IOException {
        return reader.read(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void readsRequestsWhoseBlocksNameEachOthersHeaders() throws Exception {
        assertThat(read("828684418cf1e3c2e5f23a6ba0ab90f4ff"))
                .containsExactly(
                        Map.entry(":method", "GET"),
                        Map.entry(":scheme", "http"),
                        Map.entry(":path", "/"),
                        Map.entry(":authority", "www.example.com"));
        assertThat(read("828684be5886a8eb10649cbf"))
                .contains(Map.entry(":authority", "www.example.com"), Map.entry("cache-control", "no-cache"));
        assertThat(read("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"))
                .containsExactly(
                        Map.entry(":method", "GET"),
                        Map.entry(":scheme", "https"),
                        Map.entry(":path", "/index.html"),
                        Map.entry(":authority", "www.example.com"),
                        Map.entry("custom-key", "custom-value"));
    }

    @Test
    void headersThatDoNotFitAnyMoreAreForgotten() throws Exception {
        // A table of no bytes, a header that is to be kept, and then the first one that was.
        assertThat(read("20 400161 0162")).containsExactly(Map.entry("a", "b"));
        assertThatThrownBy(() -> read("be")).isInstanceOf(IOException.class).hasMessageContaining("number 62");
        assertThat(read("3f03 400161 0162 be")).containsExactly(Map.entry("a", "b"), Map.entry("a", "b"));
        assertThatThrownBy(() -> read("3fe2 1f"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("4097");
    }

    @Test
    void readsTheRarestSymbols() throws Exception {
        // A line feed has 30 bits, and is filled up by ones; ones alone are nothing.
        assertThatThrownBy(() -> HuffmanCode.decode(HexFormat.of().parseHex("ffffffff")))
                .isInstanceOf(IOException.class);
        assertThat(new String(
                        HuffmanCode.decode(HexFormat.of().parseHex("f1e3c2e5f23a6ba0ab90f4ff")),
                        StandardCharsets.US_ASCII))
                .isEqualTo("www.example.com");
        assertThat(HuffmanCode.decode(HexFormat.of().parseHex("fffffff3"))).containsExactly('\n');
    }

    @Test
    void readsWhatTheWriterWrites() throws Exception {
        List<Map.Entry<String, String>> headers =
                List.of(Map.entry(":path", "/"), Map.entry("x-long", "x".repeat(1000)), Map.entry("x-none", ""));
        assertThat(reader.read(HpackWriter.block(headers))).isEqualTo(headers);
    }

    @Test
    void damagedBlocksAreReadOrRefused() throws Exception {
        byte[] sound = HexFormat.of().parseHex("828684418cf1e3c2e5f23a6ba0ab90f4ff5886a8eb10649cbfbe3fe11f");
        DamagedInput.isTakenOrRefused(
                5_000, sound, IOException.class, bytes -> assertThat(new HpackReader().read(bytes))
                        .isNotNull());
    }
}
