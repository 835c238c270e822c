package org.narthex.console;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEncodingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"gzip", "deflate, gzip, br, zstd", "GZIP;q=0.5", "identity; q=1, gzip; q=0.1", "*", "br,*;q=0.1"
            })
    void takesGzipWhereItIsNamedOrAnythingGoes(String header) {
        assertTrue(AcceptEncoding.allowsGzip(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "br", "gzip;q=0", "gzip; q=0.000", "*, gzip;q=0", "*;q=0", "x-gzipped"})
    void leavesGzipWhereItIsExcludedOrNotNamed(String header) {
        assertFalse(AcceptEncoding.allowsGzip(header));
    }

    @Test
    void leavesGzipWhereNothingIsSaid() {
        assertFalse(AcceptEncoding.allowsGzip(null));
    }
}
