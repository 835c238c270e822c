package org.narthex.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;

class GroupPathTest {
    private static Labels parse(String path) throws PushException {
        return GroupPath.parse(path);
    }

    @Test
    void readsJobAndLabels() throws Exception {
        assertThat(parse("/job/backup")).isEqualTo(Labels.of("job", "backup"));
        assertThat(parse("/job/backup/instance/db1/zone/eu"))
                .isEqualTo(Labels.of("job", "backup", "instance", "db1", "zone", "eu"));
        assertThat(parse("/job/backup/")).isEqualTo(Labels.of("job", "backup"));
        assertThat(parse("/job/backup/instance/")).isEqualTo(Labels.of("job", "backup"));
    }

    @Test
    void decodesBase64AndPercents() throws Exception {
        assertThat(parse("/job/directory_cleaner/path@base64/L3Zhci90bXA"))
                .isEqualTo(Labels.of("job", "directory_cleaner", "path", "/var/tmp"));
        assertThat(parse("/job@base64/L3Zhci90bXA=/x@base64/=")).isEqualTo(Labels.of("job", "/var/tmp"));
        assertThat(parse("/job/titan/name/%CE%A0%CF%81%CE%BF%CE%BC%CE%B7%CE%B8%CE%B5%CF%8D%CF%82/a/b%2Fc"))
                .isEqualTo(Labels.of("job", "titan", "name", "Προμηθεύς", "a", "b/c"));
    }

    @Test
    void unescapesLabelNames() throws Exception {
        assertThat(parse("/job/a/U__my_2e_label__x/b")).isEqualTo(Labels.of("job", "a", "my.label_x", "b"));
    }

    @Test
    void theJobStandsFirstAndWins() throws Exception {
        assertThat(parse("/job/a/job/b")).isEqualTo(Labels.of("job", "a"));
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> parse("/job/a/instance"))
                .isInstanceOfSatisfying(
                        PushException.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessageContaining("odd number of components");
        assertThatThrownBy(() -> parse("/job@base64/=")).hasMessage("job name is required");
        assertThatThrownBy(() -> parse("/job/a/__x/b")).hasMessage("improper label name \"__x\"");
        assertThatThrownBy(() -> parse("/job/a/x@base64/%%%")).hasMessageContaining("invalid URL escape");
        assertThatThrownBy(() -> parse("/job/a/x@base64/*")).hasMessageContaining("invalid base64 encoding");
        assertThatThrownBy(() -> parse("/jobs/a"))
                .isInstanceOfSatisfying(
                        PushException.class, e -> assertThat(e.status()).isEqualTo(404));
    }
}
