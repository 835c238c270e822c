package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

class YamlReaderTest {
    @Test
    void keepsScalarsAsTheyAreWritten() throws ConfigException {
        ConfigNode node = Texts.node("{a: 1.0, b: yes, c: 0x10, d: \"quoted\", e: 2020-01-01}");
        assertThat(node.stringMap("x")).isEmpty();
        assertThat(node.require("a").text()).isEqualTo("1.0");
        assertThat(node.require("b").text()).isEqualTo("yes");
        assertThat(node.require("c").text()).isEqualTo("0x10");
        assertThat(node.require("d").text()).isEqualTo("quoted");
        assertThat(node.require("e").text()).isEqualTo("2020-01-01");
    }

    @Test
    void knowsLineAndPathOfEachNode() throws ConfigException {
        ConfigNode node = Texts.node("a:\n  - b: 1\n    c:\n      - x\n      - y\n");
        ConfigNode y = node.require("a").items().get(0).require("c").items().get(1);
        assertThat(y.line()).isEqualTo(5);
        assertThat(y.path()).isEqualTo("a[0].c[1]");
        assertThat(y.file()).isEqualTo("test.yml");
    }

    @Test
    void readsNullAsEmptyText() throws ConfigException {
        ConfigNode node = Texts.node("a:\nb: ~\nc: null\nd: 'null'\n");
        assertThat(node.require("a").text()).isEmpty();
        assertThat(node.require("b").text()).isEmpty();
        assertThat(node.require("c").text()).isEmpty();
        assertThat(node.require("d").text()).isEqualTo("null");
    }

    @Test
    void refusesKeyGivenTwiceWithItsLine() {
        assertThatThrownBy(() -> Texts.node("a: 1\nb:\n  c: 1\n  c: 2\n"))
                .hasMessage("test.yml:4: key c in b is given twice");
    }

    @Test
    void mergesAnchoredMapsUnderOwnKeys() throws ConfigException {
        ConfigNode node = Texts.node("base: &base {a: 1, b: 2}\nown:\n  <<: *base\n  b: 3\n");
        assertThat(node.stringMap("own")).containsEntry("a", "1").containsEntry("b", "3");
    }

    @Test
    void namesTheLineOfBrokenSyntax() {
        assertThatThrownBy(() -> Texts.node("a: 1\nb: [1, 2\nc: 3\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("test\\.yml:\\d+: not valid YAML: .*");
    }

    @Test
    void refusesAliasesThatGrowWithoutBound() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(10)).append("]\n");
        }
        assertThatThrownBy(() -> Texts.node(bomb.toString())).hasMessageContaining("more than");
    }

    @Test
    void refusesDeepNesting() {
        assertThatThrownBy(() -> Texts.node("[".repeat(5_000))).hasMessageContaining("nested deeper than");
    }

    @Test
    void refusesAnAnchorInsideItself() {
        assertThatThrownBy(() -> Texts.node("a: &x [*x]")).isInstanceOf(ConfigException.class);
    }

    @Test
    void takesOnlyTheFirstDocumentAndSaysSo() throws ConfigException {
        YamlReader.Document document = YamlReader.read("test.yml", "a: 1\n---\nb: 2\n");
        assertThat(document.root().require("a").text()).isEqualTo("1");
        assertThat(document.more()).isTrue();
        assertThat(YamlReader.read("test.yml", "a: 1\n").more()).isFalse();
    }

    @Test
    void readsAnEmptyFileAsEmptyText() throws ConfigException {
        assertThat(Section.isBlank(Texts.node(""))).isTrue();
        assertThat(Section.isBlank(Texts.node("# nothing\n"))).isTrue();
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThatThrownBy(() -> YamlReader.read("test.yml", new byte[] {'a', ':', ' ', (byte) 0xff}))
                .hasMessage("test.yml: the file is not valid UTF-8");
    }

    @Test
    void decodesBinaryValues() throws ConfigException {
        assertThat(Texts.node("a: !!binary aGVsbG8=").require("a").text()).isEqualTo("hello");
        assertThatThrownBy(() -> Texts.node("a: !!binary \"/w==$1\"")).hasMessageContaining("invalid base64");
    }
}
