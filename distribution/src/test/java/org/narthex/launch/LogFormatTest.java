package org.narthex.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;

import org.junit.jupiter.api.Test;

class LogFormatTest {
    private static LogRecord entry(Level level, String message) {
        LogRecord entry = new LogRecord(level, message);
        entry.setInstant(Instant.parse("2026-01-02T03:04:05.067Z"));
        entry.setLoggerName("org.narthex.scrape.ScrapePool");
        return entry;
    }

    private static String logfmt(LogRecord entry) {
        return LogFormat.named("logfmt").format(entry);
    }

    private static String json(LogRecord entry) {
        return LogFormat.named("json").format(entry);
    }

    @Test
    void writesLogfmtWithQuotesOnlyWhereNeeded() {
        assertThat(logfmt(entry(Level.INFO, "Ready")))
                .isEqualTo("time=2026-01-02T03:04:05.067Z level=INFO source=ScrapePool msg=Ready\n");
        assertThat(logfmt(entry(Level.WARNING, "a \"b\" c=d")))
                .isEqualTo("time=2026-01-02T03:04:05.067Z level=WARN source=ScrapePool msg=\"a \\\"b\\\" c=d\"\n");
        assertThat(logfmt(entry(Level.INFO, ""))).endsWith(" msg=\"\"\n");
    }

    @Test
    void writesJsonObjects() {
        assertThat(json(entry(Level.SEVERE, "a \"b\"\\ \u0001é")))
                .isEqualTo("{\"time\":\"2026-01-02T03:04:05.067Z\",\"level\":\"ERROR\",\"source\":\"ScrapePool\","
                        + "\"msg\":\"a \\\"b\\\"\\\\ \\u0001é\"}\n");
    }

    @Test
    void keepsAnEntryOnOneLine() {
        LogRecord entry = entry(Level.FINE, "two\nlines");
        entry.setThrown(new IllegalStateException("outer", new IllegalArgumentException("inner")));

        assertThat(logfmt(entry)).hasLineCount(1);
        assertThat(json(entry)).hasLineCount(1);
    }

    @Test
    void namesEveryCauseOnce() {
        Exception cause = new IllegalArgumentException("inner");
        LogRecord entry = entry(Level.SEVERE, "failed");
        entry.setThrown(new IllegalStateException("outer", cause));

        assertThat(logfmt(entry))
                .contains(" level=ERROR ")
                .contains(
                        " err=\"java.lang.IllegalStateException: outer: java.lang.IllegalArgumentException: inner\" ");

        entry.setThrown(new IllegalStateException(cause));

        assertThat(logfmt(entry))
                .contains(" err=\"java.lang.IllegalStateException: java.lang.IllegalArgumentException: inner\" ");
    }

    @Test
    void fillsArgumentsOfOsgiLoggersAndKeepsWhatWasThrown() {
        LogRecord[] seen = new LogRecord[1];
        java.util.logging.Logger target = java.util.logging.Logger.getLogger("osgi.test");
        target.setUseParentHandlers(false);
        target.addHandler(new java.util.logging.Handler() {
            @Override
            public void publish(LogRecord entry) {
                seen[0] = entry;
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });

        new OsgiLog().getLogger("test").warn("bundle {} has {} faults", "a", 2, new IllegalStateException("x"));

        assertThat(seen[0].getMessage()).isEqualTo("bundle a has 2 faults");
        assertThat(seen[0].getThrown()).hasMessage("x");
    }
}
