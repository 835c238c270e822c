package org.narthex.scrape;

import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import org.narthex.scrape.text.PageFormatException;
import org.narthex.scrape.text.PageParser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * How fast pages of known series are parsed, beside how fast they are copied: {@code benchmarks/jmh scrape-bundle ParserBenchmark}, or {@link #main},
 * which prints MB/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ParserBenchmark {
    private static final int PAGES = 4;

    /** Which format. */
    @Param({"TEXT", "OPENMETRICS", "PROTOBUF"})
    public String format;

    private final Parsers parsers = new Parsers(false);
    private final FamilyCache families = new FamilyCache();
    private final SeriesCache series = new SeriesCache();
    private final byte[][] pages = new byte[PAGES][];
    private PageParser parser;
    private byte[] copy;
    private int next;

    @Setup
    public void makePages() throws PageFormatException {
        for (int i = 0; i < PAGES; i++) {
            pages[i] = page(format, i);
        }
        copy = new byte[pages[0].length + 1024];
        parser = parsers.of(ContentType.Format.valueOf(format), HistogramModes.CLASSIC);
        parse();
    }

    private static byte[] page(String format, int number) {
        return switch (ContentType.Format.valueOf(format)) {
            case TEXT -> SteadyPages.text(number);
            case OPENMETRICS -> SteadyPages.openMetrics(number);
            case PROTOBUF -> SteadyPages.protobuf(number);
        };
    }

    private byte[] nextPage() {
        next = (next + 1) % PAGES;
        return pages[next];
    }

    /** All samples of a page, each with its series found. */
    @Benchmark
    public double parse() throws PageFormatException {
        byte[] page = nextPage();
        series.begin(null);
        families.begin();
        parser.reset(page, page.length - 1, families);
        double sum = 0;
        while (parser.next(series)) {
            int found = parser.predicted()
                    ? series.predicted()
                    : series.find(parser.series(), parser.seriesStart(), parser.seriesEnd());
            if (found < 0) {
                found = series.add(parser.series(), parser.seriesStart(), parser.seriesEnd(), null);
            }
            // Else the cache forgets it, and each page would be the first.
            series.see(found);
            sum += parser.value();
        }
        series.commit();
        families.end();
        return sum;
    }

    /** The same bytes, copied. */
    @Benchmark
    public byte[] copy() {
        byte[] page = nextPage();
        System.arraycopy(page, 0, copy, 0, page.length);
        return copy;
    }

    public static void main(String[] args) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(ParserBenchmark.class.getName())
                        .build())
                .run();
        System.out.println("| format | what | MB/s | ns a sample |");
        System.out.println("|---|---|---|---|");
        for (RunResult result : results) {
            String format = result.getParams().getParam("format");
            double nanos = result.getPrimaryResult().getScore();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.0f | %.1f |%n",
                    format,
                    result.getPrimaryResult().getLabel(),
                    page(format, 0).length / nanos * 1000,
                    nanos / SteadyPages.SAMPLES);
        }
    }
}
