package org.narthex.api.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsEveryKindOfValue() throws IOException {
        Json json =
                Json.parse(" {\"a\": [1, -2.50e3, true, null, \"x\"], \"b\": {\"c\": \"d\"}, \"e\": false, \"\": 0} ");
        assertThat(json.items("a")).extracting(Json::text).containsExactly("1", "-2.50e3", "true", "", "x");
        assertThat(json.get("b", "c").text()).isEqualTo("d");
        assertThat(json.get("a").items().get(0).integer(9)).isEqualTo(1);
        assertThat(json.get("a").items().get(3).isPresent()).isFalse();
        assertThat(json.get("e").isTrue()).isFalse();
        assertThat(json.text("")).isEqualTo("0");
        assertThat(json.get("b").texts()).isEqualTo(Map.of("c", "d"));
    }

    @Test
    void whatIsAbsentReadsAsEmpty() throws IOException {
        Json json = Json.parse("{\"a\": 1}");
        assertThat(json.get("x", "y", "z").text()).isEmpty();
        assertThat(json.get("a", "y").items()).isEmpty();
        assertThat(json.get("x").integer(7)).isEqualTo(7);
        assertThat(json.items("a")).isEqualTo(List.of());
    }

    @Test
    void readsEscapes() throws IOException {
        assertThat(Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00\"")
                        .text())
                .isEqualTo("\"\\/\b\f\n\r\tä😀");
    }

    @Test
    void doesNotShowWhatItHolds() throws IOException {
        assertThat(Json.parse("{\"token\": \"hidden\"}").toString()).doesNotContain("hidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "\"a",
                "01",
                "1.",
                "-",
                "1e",
                "tru",
                "[1 2]",
                "1 2",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\n\"",
                "'a'",
                "NaN"
            })
    void refusesWhatIsNoJson(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not valid JSON");
    }

    @Test
    void isNotExhaustedByDeepNesting() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).hasMessageContaining("nested deeper");
    }

    @Test
    void makesLabelNames() {
        assertThat(MetaLabels.sanitized("app.kubernetes.io/näme-1")).isEqualTo("app_kubernetes_io_n_me_1");
        assertThat(MetaLabels.hostAndPort("::1", "80")).isEqualTo("[::1]:80");
    }
}
