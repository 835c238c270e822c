package org.narthex.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RegexTest {
    @Test
    void isAnchoredAndTheDotMatchesNewlines() {
        assertThat(Regex.compile("b").matches("abc")).isFalse();
        assertThat(Regex.compile("a.c").matches("a\nc")).isTrue();
        assertThat(Regex.compile("a|bc").matches("bc")).isTrue();
        assertThat(Regex.compile("x.*").matches("x\ny")).isTrue();
    }

    @Test
    void tellsLiteralsAndPrefixes() {
        assertThat(Regex.compile("a|bc|").literals()).containsExactly("a", "bc", "");
        assertThat(Regex.compile("a+|b").literals()).isEmpty();
        assertThat(Regex.compile("node.*").prefix()).contains("node");
        assertThat(Regex.compile("no.de.*").prefix()).isEmpty();
        assertThat(Regex.compile("a|b.*").prefix()).isEmpty();
    }

    @Test
    void takesApartWhatPeopleWrite() {
        assertThat(Regex.compile("node(1|2)").literals()).containsExactly("node1", "node2");
        assertThat(Regex.compile("^web[1-3]\\.x$").literals()).containsExactly("web1.x", "web2.x", "web3.x");
        assertThat(Regex.compile("(b|a|ab).*").prefixes()).containsExactly("a", "b");
        assertThat(Regex.compile("a[^x]+b|c.*").prefixes()).containsExactly("a", "c");
        assertThat(Regex.compile(".*x.*").prefixes()).containsExactly("");
        assertThat(Regex.compile(".*").isAnything()).isTrue();
        assertThat(Regex.compile("|.*").isAnything()).isTrue();
        assertThat(Regex.compile(".+").isAnything()).isFalse();
        assertThat(Regex.compile("(?i)kubelet").matches("\u212aUBElet")).isTrue();
        assertThat(Regex.compile("(?i)abc").literals()).isEmpty();
    }

    @Test
    void expandsGroups() {
        Regex regex = Regex.compile("(?P<host>[^:]+):(\\d+)");
        assertThat(regex.expand("web:80", "$1-${2}-${host}-$$-$9-$")).contains("web-80-web-$--$");
        assertThat(regex.expand("web", "$1")).isEmpty();
    }

    @Test
    void findsAndReplacesUnanchored() {
        assertThat(Regex.find("b+", "abbc")).isTrue();
        assertThat(Regex.find("^b", "abbc")).isFalse();
        assertThat(Regex.replaceAll("(b+)(.)", "abbcbd", "<$2$1>")).isEqualTo("a<cbb><db>");
        assertThat(Regex.replaceAll("x*", "ab", "-")).isEqualTo("-a-b-");
        assertThatThrownBy(() -> Regex.replaceAll("(", "a", "b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsNoExpression() {
        assertThatThrownBy(() -> Regex.compile("a(")).hasMessageContaining("invalid regular expression \"a(\"");
        assertThatThrownBy(() -> Regex.compile("a)(b")).isInstanceOf(IllegalArgumentException.class);
    }
}
