package org.narthex.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;

import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.scrape.TextExposition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code /probe}. Thread-safe. */
final class ProbeRequests {
    /** So much before the scraper gives up an answer is to be on its way. */
    static final long OFFSET_MS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(ProbeRequests.class);
    private static final long DEFAULT_TIMEOUT_MS = 120_000;
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Modules modules;

    ProbeRequests(Modules modules) {
        this.modules = modules;
    }

    /** An answer of HTTP. */
    record Answer(int status, String contentType, String body) {
        static Answer bad(String why) {
            return new Answer(HttpServletResponse.SC_BAD_REQUEST, TEXT, why + "\n");
        }
    }

    /**
     * Probes.
     *
     * @param parameters of the request, by name; null where there is none
     * @param scrapeTimeout the header {@code X-Prometheus-Scrape-Timeout-Seconds}; null if there is none
     */
    Answer answer(UnaryOperator<String> parameters, String scrapeTimeout) throws IOException {
        String name = Optional.ofNullable(parameters.apply("module"))
                .filter(text -> !text.isEmpty())
                .orElse("http_2xx");
        Optional<Module> module = modules.named(name);
        if (module.isEmpty()) {
            return Answer.bad("Unknown module \"" + name + "\"");
        }
        String target = parameters.apply("target");
        if (target == null || target.isEmpty()) {
            return Answer.bad("Target parameter is missing");
        }
        long timeoutMs;
        try {
            timeoutMs = timeout(module.get(), scrapeTimeout);
        } catch (NumberFormatException e) {
            return new Answer(
                    HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
                    TEXT,
                    "Failed to parse timeout from Prometheus header: \"" + scrapeTimeout + "\"\n");
        }
        String hostname = Optional.ofNullable(parameters.apply("hostname")).orElse("");
        ProbeRun run = new ProbeRun(target, hostname, timeoutMs);
        Optional<String> refusal = module.get().prober().refuses(run);
        if (refusal.isPresent()) {
            return Answer.bad(refusal.get());
        }
        run.log("Beginning probe module=" + name + " target=" + target + " timeout_seconds=" + timeoutMs / 1e3);
        boolean success = probe(module.get().prober(), run);
        double seconds = run.seconds();
        run.log((success ? "Probe succeeded" : "Probe failed") + " duration_seconds=" + seconds);
        run.metrics()
                .gauge("probe_duration_seconds", "Returns how long the probe took to complete in seconds", seconds);
        run.metrics().gauge("probe_success", "Displays whether or not the probe was a success", success ? 1 : 0);
        if (!success && LOG.isDebugEnabled()) {
            LOG.debug("Probe {} of {}: {}", name, target, run.log());
        }
        String metrics = text(run.finished());
        if (!"true".equals(parameters.apply("debug"))) {
            return new Answer(HttpServletResponse.SC_OK, TextExposition.CONTENT_TYPE, metrics);
        }
        return new Answer(HttpServletResponse.SC_OK, TEXT, debug(run, metrics, module.get()));
    }

    /** The time of the scrape less a margin, or the module's if that is shorter. */
    private static long timeout(Module module, String scrapeTimeout) {
        long timeoutMs = DEFAULT_TIMEOUT_MS;
        if (scrapeTimeout != null && !scrapeTimeout.isEmpty()) {
            timeoutMs = Math.round(Double.parseDouble(scrapeTimeout) * 1e3);
        }
        timeoutMs = timeoutMs > OFFSET_MS ? timeoutMs - OFFSET_MS : timeoutMs;
        return module.timeoutMs() > 0 ? Math.min(module.timeoutMs(), timeoutMs) : timeoutMs;
    }

    private static boolean probe(Prober prober, ProbeRun run) {
        try {
            return prober.probe(run);
        } catch (IOException e) {
            return run.fails(
                    e instanceof UnknownHostException
                            ? "unknown host: " + e.getMessage()
                            : String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Whatever a hostile server answers, this probe alone fails.
            LOG.warn("A probe of {} failed in an unforeseen way", run.target(), e);
            return run.fails(e.toString());
        }
    }

    private static String text(TextExposition metrics) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String debug(ProbeRun run, String metrics, Module module) {
        StringBuilder out = new StringBuilder("Logs for the probe:\n");
        run.log().forEach(line -> out.append(escaped(line)).append('\n'));
        out.append("\n\n\nMetrics that would have been returned:\n").append(metrics);
        out.append("\n\n\nModule configuration:\n").append(module.text());
        return out.toString();
    }

    /** So that a line of a server stays one line. */
    private static String escaped(String line) {
        StringBuilder out = new StringBuilder();
        line.chars().forEach(c -> {
            if (c < ' ') {
                out.append(String.format("\\x%02x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }
}
