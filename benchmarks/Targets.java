import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Many targets in one process that keep account of when they are scraped: {@code java Targets.java TARGETS SERIES INTERVAL_MS}. Prints its port; target
 * number n is at 127.1.(n / 250).(n % 250 + 1) with that port, so that each has an address of its own and a connection of its own. The one thread does
 * little: an answer is a page that stands ready, in which only digits change.
 *
 * <p>{@code /begin} forgets what was, {@code /report} tells it as JSON. A target's phase is that of its earliest scrape; a scrape is late by its distance to
 * that, and one is missed where there is none for an interval and a half.
 */
class Targets {
    private static final int DIGITS = 6;
    private static final int MOST_SCRAPES = 256;

    private final int intervalMs;
    private final long[][] scrapes;
    private final int[] counts;
    private final byte[] answer;
    private final int[] numbersAt;
    private int moves;

    Targets(int targets, int series, int intervalMs) {
        this.intervalMs = intervalMs;
        scrapes = new long[targets][MOST_SCRAPES];
        counts = new int[targets];
        numbersAt = new int[series];
        StringBuilder page = new StringBuilder("# HELP demo_requests_total Synthetic.\n# TYPE demo_requests_total counter\n");
        for (int i = 0; i < series; i++) {
            page.append("demo_requests_total{path=\"/api/").append(i % 10).append("\",code=\"").append(200 + i / 10).append("\"} ");
            numbersAt[i] = page.length();
            page.append("100000\n");
        }
        byte[] head = head(page.length());
        answer = Arrays.copyOf(head, head.length + page.length());
        System.arraycopy(page.toString().getBytes(StandardCharsets.US_ASCII), 0, answer, head.length, page.length());
        for (int i = 0; i < series; i++) {
            numbersAt[i] += head.length;
        }
    }

    private static byte[] head(int length) {
        return ("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    void serve() throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress("0.0.0.0", 0), 4096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
        while (true) {
            selector.select(key -> {
                try {
                    if (key.isAcceptable()) {
                        for (SocketChannel each = server.accept(); each != null; each = server.accept()) {
                            each.configureBlocking(false);
                            each.register(selector, SelectionKey.OP_READ);
                        }
                    } else {
                        request((SocketChannel) key.channel(), buffer);
                    }
                } catch (IOException e) {
                    close(key);
                }
            });
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Whoever asks sends a request without a body, in one piece, and waits for the answer. */
    private void request(SocketChannel channel, ByteBuffer buffer) throws IOException {
        if (channel.read(buffer.clear()) < 0) {
            channel.close();
            return;
        }
        byte[] start = new byte[Math.min(16, buffer.flip().remaining())];
        buffer.get(start);
        String path = new String(start, StandardCharsets.US_ASCII);
        byte[] told = answer;
        if (path.startsWith("GET /report ")) {
            told = told(report());
        } else if (path.startsWith("GET /begin ")) {
            Arrays.fill(counts, 0);
            told = told("{}");
        } else {
            byte[] address = ((InetSocketAddress) channel.getLocalAddress()).getAddress().getAddress();
            note((address[2] & 0xff) * 250 + (address[3] & 0xff) - 1);
            move();
        }
        buffer.clear().put(told).flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static byte[] told(String json) {
        return (new String(head(json.length()), StandardCharsets.US_ASCII) + json).getBytes(StandardCharsets.US_ASCII);
    }

    private void note(int target) {
        if (counts[target] < MOST_SCRAPES) {
            scrapes[target][counts[target]++] = System.nanoTime();
        }
    }

    /** Counters that grow; once in a few thousand scrapes they begin again. */
    private void move() {
        moves++;
        for (int i = 0; i < numbersAt.length; i++) {
            int number = 100_000 + (int) ((moves * (1L + i % 7) + 37L * i) % 900_000);
            for (int digit = DIGITS - 1; digit >= 0; digit--) {
                answer[numbersAt[i] + digit] = (byte) ('0' + number % 10);
                number /= 10;
            }
        }
    }

    private String report() {
        long all = 0;
        long missed = 0;
        int unasked = 0;
        int over100 = 0;
        int over1000 = 0;
        double[] late = new double[Arrays.stream(counts).sum()];
        for (int target = 0; target < counts.length; target++) {
            long[] at = scrapes[target];
            int count = counts[target];
            unasked += count == 0 ? 1 : 0;
            long phase = Long.MAX_VALUE;
            for (int i = 0; i < count; i++) {
                phase = Math.min(phase, at[i] - at[0] - nanos(round(at[i] - at[0])));
            }
            for (int i = 0; i < count; i++) {
                double ms = (at[i] - at[0] - nanos(round(at[i] - at[0])) - phase) / 1e6;
                over100 += ms > 100 ? 1 : 0;
                over1000 += ms > 1000 ? 1 : 0;
                late[(int) all++] = ms;
                missed += i == 0 ? 0 : Math.max(0, round(at[i] - at[i - 1]) - 1);
            }
        }
        Arrays.sort(late);
        double median = late.length == 0 ? 0 : late[late.length / 2];
        double almostAll = late.length == 0 ? 0 : late[(int) (late.length * 0.999)];
        double latest = late.length == 0 ? 0 : late[late.length - 1];
        return "{\"scrapes\": " + all + ", \"missed\": " + missed + ", \"targets never scraped\": " + unasked + ", \"later than 100 ms\": " + over100
                + ", \"later than 1 s\": " + over1000 + ", \"late, median, ms\": " + median + ", \"late, 99.9 %, ms\": " + almostAll
                + ", \"late, most, ms\": " + latest + "}";
    }

    private long round(long nanos) {
        return Math.round(nanos / 1e6 / intervalMs);
    }

    private long nanos(long intervals) {
        return intervals * intervalMs * 1_000_000L;
    }

    public static void main(String[] args) throws IOException {
        new Targets(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2])).serve();
    }
}
