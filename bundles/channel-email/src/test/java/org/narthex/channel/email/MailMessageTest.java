package org.narthex.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

class MailMessageTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    private static ConfigNode section(Map<String, String> headers, Map<String, String> threading, String text)
            throws ConfigException {
        Map<String, ConfigNode> entries =
                new java.util.LinkedHashMap<>(ConfigNode.of(Map.of("to", "a@b", "from", "c@d", "smarthost", "h:25"))
                        .entries());
        entries.put("headers", ConfigNode.of(headers));
        entries.put("threading", ConfigNode.of(threading));
        entries.put("text", ConfigNode.scalar("", 0, "text", text));
        return ConfigNode.mapping("am.yml", 1, "", entries);
    }

    private static String message(Map<String, String> headers, Map<String, String> threading, String text)
            throws ConfigException {
        return MailMessage.of(EmailSection.of(section(headers, threading, text)), "{}:{}", "here", NOON);
    }

    @Test
    void keepsLinesShortAndInAscii() throws ConfigException {
        String body = message(Map.of(), Map.of(), "é = " + "x".repeat(90) + " \nlast\r\n");
        assertThat(body)
                .contains("\r\n\r\n=C3=A9 =3D " + "x".repeat(64) + "=\r\n" + "x".repeat(26) + "=20\r\nlast\r\n");
        assertThat(body.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
    }

    @Test
    void encodesHeadersThatNeedIt() throws ConfigException {
        assertThat(message(Map.of("subject", "[FIRING:1] Überlast 火"), Map.of(), "x"))
                .contains("Subject: =?utf-8?q?=5BFIRING=3A1=5D_=C3=9Cberlast_=E7=81=AB?=\r\n");
        assertThat(MailMessage.word("plain: text")).isEqualTo("plain: text");
        assertThat(MailMessage.word("ü".repeat(40)).split(" ", -1))
                .hasSizeGreaterThan(2)
                .allSatisfy(word -> assertThat(word.length()).isLessThanOrEqualTo(75));
        assertThat(MailMessage.word("a\r\nBcc: x@y")).as("no line of its own").doesNotContain("\n");
    }

    @Test
    void hangsMessagesOfAGroupTogether() throws ConfigException {
        assertThat(message(Map.of(), Map.of(), "x")).doesNotContain("References");
        String day = message(Map.of(), Map.of("enabled", "true"), "x");
        assertThat(day).containsPattern("References: <alert-[0-9a-f]{16}-2026-01-0[23]@alertmanager>\r\n");
        assertThat(day).containsPattern("In-Reply-To: <alert-[0-9a-f]{16}-2026-01-0[23]@alertmanager>\r\n");
        assertThat(message(Map.of(), Map.of("enabled", "true", "thread_by_date", "none"), "x"))
                .containsPattern("References: <alert-[0-9a-f]{16}-@alertmanager>\r\n");
    }

    @Test
    void readsLists() {
        assertThat(Address.list("Ann <ann@x.org>, \"B, b\" <b@y>,c@z"))
                .extracting(Address::text)
                .containsExactly("ann@x.org", "b@y", "c@z");
        for (String bad : new String[] {"", "ann", "a@", "@b", "a@b, ", "<a@b>\r\nRCPT TO:<x@y>", "a b@c"}) {
            assertThatThrownBy(() -> Address.list(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesWhatIsNoHeader() {
        assertThatThrownBy(() -> message(Map.of("a\nb", "c"), Map.of(), ""))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot be the name of a header");
    }
}
