package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.narthex.api.model.Matcher;

class SelectorParserTest {
    private static final Matcher UP = Matcher.equal("__name__", "up");

    @Test
    void readsNameAndMatchers() {
        assertThat(SelectorParser.parse("up")).containsExactly(UP);
        assertThat(SelectorParser.parse(" up { } ")).containsExactly(UP);
        assertThat(SelectorParser.parse("job:up:sum{a=\"1\"}"))
                .containsExactly(Matcher.equal("__name__", "job:up:sum"), Matcher.equal("a", "1"));
        assertThat(SelectorParser.parse("{a = \"1\" , b!=\"2\",c=~\"3|4\", d!~\"5\",}"))
                .containsExactly(
                        Matcher.equal("a", "1"),
                        Matcher.of(Matcher.Type.NOT_EQUAL, "b", "2"),
                        Matcher.of(Matcher.Type.REGEX, "c", "3|4"),
                        Matcher.of(Matcher.Type.NOT_REGEX, "d", "5"));
        assertThat(SelectorParser.parse("{}")).isEmpty();
    }

    @Test
    void readsNamesInQuotes() {
        assertThat(SelectorParser.parse("{\"my.metric\", 'my label'='x'}"))
                .containsExactly(Matcher.equal("__name__", "my.metric"), Matcher.equal("my label", "x"));
        assertThat(SelectorParser.parse("{\"up\"}")).containsExactly(UP);
    }

    @Test
    void readsAllKindsOfQuotes() {
        assertThat(SelectorParser.parse("{a=\"x\\\"\\n}'`\"}")).containsExactly(Matcher.equal("a", "x\"\n}'`"));
        assertThat(SelectorParser.parse("{a='x\\'\\\\\"'}")).containsExactly(Matcher.equal("a", "x'\\\""));
        assertThat(SelectorParser.parse("{a=`x\\d'\"`}")).containsExactly(Matcher.equal("a", "x\\d'\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "up{",
                "up}",
                "{a}",
                "{a=}",
                "{a=b}",
                "{a=\"b}",
                "{a=\"b\"",
                "{a=\"b\" c=\"d\"}",
                "{,}",
                "{a==\"b\"}",
                "{a<\"b\"}",
                "{=\"b\"}",
                "{\"\"=\"b\"}",
                "up down",
                "up[5m]",
                "{a=\"b\"} or up",
                "1up",
                "{a:b=\"c\"}",
                "{a=~\"(\"}",
                "{a=\"\\q\"}",
                "{a='\\'}"
            })
    void refuses(String selector) {
        assertThatThrownBy(() -> SelectorParser.parse(selector)).isInstanceOf(IllegalArgumentException.class);
    }
}
