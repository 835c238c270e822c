package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Random queries over irregular data, answered by Debian's Prometheus and by Narthex alike. {@code -Ddifferential.seed} makes others,
 * {@code -Ddifferential.queries} asks more of them.
 */
public class DifferentialIT {
    private static final long FROM_SECONDS = 1_699_999_200;
    private static final long SPAN_SECONDS = 100 * 60;
    private static final List<Long> STEPS = List.of(5L, 15L, 30L, 60L, 300L, 725L);
    /** Differences in last digits that grew by what was done with them; more would hide something. */
    private static final double MOST_ROUNDING = 0.02;
    /** A build fails for what was changed, not for what was rolled; other seeds are for those who look for more. */
    private static final long USUAL_SEED = 1;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final long seed = Long.getLong("differential.seed", USUAL_SEED);
    private final long queries = Long.getLong("differential.queries", 1000);

    @Before
    public void needsPrometheus() {
        assumeTrue("prometheus is not installed", RunningNarthex.isInstalled("prometheus"));
    }

    @Test
    public void randomQueriesAreAnsweredAsPrometheusAnswersThem() throws Exception {
        System.out.println("DifferentialIT: -Ddifferential.seed=" + seed);
        Path config = Files.writeString(folder.newFile().toPath(), "global: { evaluation_interval: 15s }\n");
        int port = RunningNarthex.freePort();
        try (RunningNarthex narthex = new RunningNarthex(folder.newFolder().toPath())
                        .configure(Files.readString(config))
                        .flag("--web.enable-remote-write-receiver")
                        .flag("--enable-feature=native-histograms,promql-experimental-functions")
                        .flag("--storage.tsdb.retention.time=100y")
                        .start();
                RunningPrometheus prometheus = new RunningPrometheus(
                        config,
                        folder.newFolder().toPath(),
                        port,
                        folder.newFile().toPath(),
                        "--web.enable-remote-write-receiver",
                        "--enable-feature=native-histograms")) {
            RemoteWriteBody data = new IrregularData(
                            new SplittableRandom(seed), FROM_SECONDS * 1000, (FROM_SECONDS + SPAN_SECONDS) * 1000)
                    .body();
            String ours = "http://127.0.0.1:" + narthex.port();
            data.send(prometheus.url());
            data.send(ours);
            compare(new Differences(prometheus.url(), ours));
        }
    }

    private void compare(Differences differences) {
        int rounding = 0;
        int ties = 0;
        int damaged = 0;
        int asked = 0;
        int answered = 0;
        int empty = 0;
        List<String> disagreements = new ArrayList<>();
        for (int n = 0; n < queries && disagreements.size() < 30; n++) {
            SplittableRandom random = new SplittableRandom(seed * 1_000_003 + n);
            boolean instant = random.nextInt(3) > 0;
            RandomExpression expressions =
                    new RandomExpression(random, FROM_SECONDS - 600, FROM_SECONDS + SPAN_SECONDS + 600);
            RandomExpression.Node query = expressions.any(instant);
            Differences.When when = when(random, instant);
            if (random.nextInt(12) == 0) {
                damaged++;
                RandomExpression.Node broken = expressions.damaged(query);
                Differences.Answers answers = differences.ask(broken, when);
                if (answers.isWorse()) {
                    disagreements.add("number " + n + " " + when + ", damaged: " + broken + "\n    " + answers.ours());
                }
                continue;
            }
            Differences.Answers answers = differences.ask(query, when);
            asked++;
            if (answers.succeed()) {
                answered++;
                empty += answers.theirs()
                                .getJsonObject("data")
                                .getJsonArray("result")
                                .isEmpty()
                        ? 1
                        : 0;
            }
            if (answers.difference(query).isPresent()) {
                Optional<Differences.Found> found = differences.find(query, when);
                if (found.map(Differences.Found::tie).orElse(false) || differences.isUnsteady(query, when)) {
                    ties++;
                } else if (found.isPresent() && found.get().rounding()) {
                    rounding++;
                } else {
                    disagreements.add("number " + n + " " + when + ": " + query + "\n    "
                            + found.map(f -> f.part() + " " + f.when() + "\n    " + f.difference())
                                    .orElse("does not happen again"));
                }
            }
        }
        System.out.println("DifferentialIT: " + asked + " queries, " + answered + " answered, of these " + empty
                + " with nothing; " + rounding + " differ by rounding, " + ties + " in the choice or order of equals; "
                + damaged + " damaged ones");
        assertThat(disagreements).as("seed " + seed).isEmpty();
        assertThat(rounding).as("rounding").isLessThanOrEqualTo((int) (5 + MOST_ROUNDING * asked));
        assertThat(answered - empty).as("answers with something in them").isGreaterThan(asked / 3);
    }

    private static Differences.When when(SplittableRandom random, boolean instant) {
        long start = FROM_SECONDS - 300 + 5 * random.nextLong(SPAN_SECONDS / 5) + 2;
        if (instant) {
            return Differences.When.instant(start);
        }
        long step = STEPS.get(random.nextInt(STEPS.size()));
        return new Differences.When(start, start + 5 * random.nextLong(1 + 40 * step / 5), step);
    }
}
