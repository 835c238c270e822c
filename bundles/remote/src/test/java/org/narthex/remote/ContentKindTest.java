package org.narthex.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.Test;

class ContentKindTest {
    private static final List<String> BOTH = List.of("prometheus.WriteRequest", "io.prometheus.write.v2.Request");
    private static final String V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

    @Test
    void withoutHeadersItIsVersion1InSnappy() throws BadRequestException {
        assertThat(ContentKind.of(null, null, BOTH)).isEqualTo(ContentKind.VERSION_1);
        assertThat(ContentKind.of("application/x-protobuf", "Snappy", BOTH)).isEqualTo(ContentKind.VERSION_1);
        assertThat(ContentKind.of("application/x-protobuf;proto=prometheus.WriteRequest", "snappy", BOTH))
                .isEqualTo(ContentKind.VERSION_1);
        assertThat(ContentKind.of(V2, "snappy", BOTH)).isEqualTo(ContentKind.VERSION_2);
    }

    @Test
    void saysWhatItDoesNotSpeak() {
        assertThatThrownBy(() -> ContentKind.of("text/plain", null, BOTH))
                .hasMessage("expected application/x-protobuf as the first (media) part, got text/plain content-type");
        assertThatThrownBy(() -> ContentKind.of("application/x-protobuf;proto=x", null, BOTH))
                .hasMessageContaining("unknown type for remote write protobuf message x");
        assertThatThrownBy(() -> ContentKind.of("application/x-protobuf;proto", null, BOTH))
                .hasMessageContaining("expected parameters to be key-values, got proto");
        assertThatThrownBy(() -> ContentKind.of(V2, null, BOTH.subList(0, 1)))
                .hasMessage("io.prometheus.write.v2.Request protobuf message is not accepted by this server;"
                        + " accepted prometheus.WriteRequest");
        assertThatThrownBy(() -> ContentKind.of(null, "gzip", BOTH))
                .hasMessage("gzip encoding (compression) is not accepted by this server; only snappy is acceptable");
    }
}
