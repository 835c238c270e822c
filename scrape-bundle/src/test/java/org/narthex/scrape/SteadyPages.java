package org.narthex.scrape;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Pages of one content in all formats, as a target sends them again and again; the same number makes the same page. */
public final class SteadyPages {
    /** Samples of each page. */
    public static final int SAMPLES = 1000;

    private static final int FAMILY = 50;
    private static final String HELP = "Time in seconds that the request took until its answer was complete.";

    private SteadyPages() {}

    private static String labels(int i) {
        return "method=\"GET\",handler=\"/api/v1/query_range\",code=\"200\",shard=\"" + i + "\"";
    }

    private static double value(int i, int number) {
        return i * 1000 + number * (i % 7) + i % 100 / 100.0;
    }

    /** The text format 0.0.4. */
    public static byte[] text(int number) {
        return withRoom(lines(number).toString());
    }

    /** OpenMetrics 1.0.0. */
    public static byte[] openMetrics(int number) {
        return withRoom(lines(number).append("# EOF\n").toString());
    }

    private static StringBuilder lines(int number) {
        StringBuilder page = new StringBuilder();
        for (int i = 0; i < SAMPLES; i++) {
            String name = "http_requests_duration_" + i / FAMILY;
            if (i % FAMILY == 0) {
                page.append("# HELP ").append(name).append(' ').append(HELP).append('\n');
                page.append("# TYPE ").append(name).append(" gauge\n");
            }
            page.append(name).append('{').append(labels(i)).append("} ");
            page.append(value(i, number)).append('\n');
        }
        return page;
    }

    /** Length-delimited protobuf messages. */
    public static byte[] protobuf(int number) {
        Message[] families = new Message[SAMPLES / FAMILY];
        for (int f = 0; f < families.length; f++) {
            families[f] = new Message()
                    .text(1, "http_requests_duration_" + f)
                    .text(2, HELP)
                    .number(3, 1);
            for (int i = f * FAMILY; i < (f + 1) * FAMILY; i++) {
                families[f].message(
                        4,
                        new Message()
                                .label(1, "method", "GET")
                                .label(1, "handler", "/api/v1/query_range")
                                .label(1, "code", "200")
                                .label(1, "shard", Integer.toString(i))
                                .message(2, new Message().real(1, value(i, number))));
            }
        }
        byte[] page = Message.page(families);
        return Arrays.copyOf(page, page.length + 1);
    }

    /** Parsers may write one byte behind the page. */
    private static byte[] withRoom(String page) {
        byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }
}
