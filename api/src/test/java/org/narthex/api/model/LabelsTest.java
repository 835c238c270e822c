package org.narthex.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;

class LabelsTest {
    @Test
    void sortsByNameAndForgetsEmptyValues() {
        Labels labels = Labels.of("z", "1", "a", "2", "m", "", Labels.METRIC_NAME, "up");
        assertThat(labels.toMap())
                .containsExactly(Map.entry("__name__", "up"), Map.entry("a", "2"), Map.entry("z", "1"));
        assertThat(labels.toString()).isEqualTo("{__name__=\"up\", a=\"2\", z=\"1\"}");
        assertThat(labels.get("m")).isEmpty();
        assertThat(labels).isEqualTo(Labels.of(labels.toMap())).hasSameHashCodeAs(Labels.of(labels.toMap()));
    }

    @Test
    void refusesEmptyAndRepeatedNames() {
        assertThatThrownBy(() -> Labels.of("a", "1", "a", "2")).hasMessage("label a is given twice");
        assertThatThrownBy(() -> Labels.of("", "1")).hasMessageContaining("empty name");
        assertThatThrownBy(() -> Labels.of("a")).hasMessage("label a has no value");
    }

    @Test
    void ordersAsUtf8Bytes() {
        String highPlane = new String(Character.toChars(0x1F525));
        assertThat(Labels.UTF8_ORDER.compare("\uFFFD", highPlane)).isNegative();
        assertThat(Labels.UTF8_ORDER.compare("a", "aa")).isNegative();
        assertThat(Labels.of("a", "\uFFFD")).isLessThan(Labels.of("a", highPlane));
    }

    @Test
    void builderReplacesRemovesAndStartsOver() {
        Labels.Builder builder = Labels.of("a", "1", "b", "2").toBuilder();
        assertThat(builder.set("b", "3").remove("a").set("c", "4").build()).isEqualTo(Labels.of("b", "3", "c", "4"));
        assertThat(builder.set("b", "").build()).isEqualTo(Labels.of("c", "4"));
        assertThat(builder.reset(Labels.EMPTY).build()).isSameAs(Labels.EMPTY);
        for (int i = 40; i > 0; i--) {
            builder.set("l" + i, "v" + i);
        }
        assertThat(builder.build().size()).isEqualTo(40);
        assertThat(builder.build().get("l7")).isEqualTo("v7");
    }

    @Test
    void quotesNamesThatAreNoIdentifiers() {
        assertThat(Labels.of("__name__", "my.metric", "a b", "x\"y\n").toString())
                .isEqualTo("{__name__=\"my.metric\", \"a b\"=\"x\\\"y\\n\"}");
        assertThat(Labels.EMPTY.toString()).isEqualTo("{}");
    }

    @Test
    void leavesLabelsOut() {
        Labels labels = Labels.of("__name__", "up", "job", "a");
        assertThat(labels.without(Labels.METRIC_NAME)).isEqualTo(Labels.of("job", "a"));
        assertThat(labels.without("absent")).isSameAs(labels);
        assertThat(labels.without(name -> true)).isSameAs(Labels.EMPTY);
    }
}
