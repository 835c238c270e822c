package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;

import jakarta.json.JsonStructure;
import jakarta.json.spi.JsonProvider;

/** Compares JSON as values: the order of keys does not count, all else does. */
final class Json {
    private static final JsonProvider PROVIDER = JsonProvider.provider();

    private Json() {}

    static JsonStructure parse(String text) {
        return PROVIDER.createReader(new StringReader(text)).read();
    }

    static void assertSame(String expected, String actual) {
        assertEquals(parse(expected), parse(actual), actual);
    }

    static void assertGolden(String name, String actual) throws IOException {
        try (InputStream in = Json.class.getResourceAsStream("/golden/" + name)) {
            assertSame(new String(in.readAllBytes(), StandardCharsets.UTF_8), actual);
        }
    }
}
