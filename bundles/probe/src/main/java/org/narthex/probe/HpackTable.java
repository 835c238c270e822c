package org.narthex.probe;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The headers that a server may name by their number: the fixed ones and, after these, those that it sent before, the latest first.
 *
 * <p>Source: RFC 7541, section 2.3 and appendix A.
 */
final class HpackTable {
    /** A peer keeps to that unless it is told otherwise, which it is not. */
    private static final int MAX_SIZE = 4096;
    /** What an entry counts beside its texts. */
    private static final int OVERHEAD = 32;

    private static final List<Map.Entry<String, String>> FIXED = fixed("""
            :authority
            :method GET
            :method POST
            :path /
            :path /index.html
            :scheme http
            :scheme https
            :status 200
            :status 204
            :status 206
            :status 304
            :status 400
            :status 404
            :status 500
            accept-charset
            accept-encoding gzip, deflate
            accept-language
            accept-ranges
            accept
            access-control-allow-origin
            age
            allow
            authorization
            cache-control
            content-disposition
            content-encoding
            content-language
            content-length
            content-location
            content-range
            content-type
            cookie
            date
            etag
            expect
            expires
            from
            host
            if-match
            if-modified-since
            if-none-match
            if-range
            if-unmodified-since
            last-modified
            link
            location
            max-forwards
            proxy-authenticate
            proxy-authorization
            range
            referer
            refresh
            retry-after
            server
            set-cookie
            strict-transport-security
            transfer-encoding
            user-agent
            vary
            via
            www-authenticate
            """);

    private final Deque<Map.Entry<String, String>> added = new ArrayDeque<>();
    private int size;
    private int limit = MAX_SIZE;

    private static List<Map.Entry<String, String>> fixed(String lines) {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        lines.lines().forEach(line -> {
            int space = line.indexOf(' ');
            entries.add(
                    space < 0 ? Map.entry(line, "") : Map.entry(line.substring(0, space), line.substring(space + 1)));
        });
        return List.copyOf(entries);
    }

    /** @param number from 1 on */
    Map.Entry<String, String> get(int number) throws IOException {
        if (number >= 1 && number <= FIXED.size()) {
            return FIXED.get(number - 1);
        }
        int place = number - FIXED.size() - 1;
        if (place < 0 || place >= added.size()) {
            throw new IOException("the headers of the answer are damaged: there is none of number " + number);
        }
        return added.stream().skip(place).findFirst().orElseThrow();
    }

    void add(Map.Entry<String, String> header) {
        added.addFirst(header);
        size += sizeOf(header);
        evict();
    }

    /** Sets how large the table may become; the sender decides, within what it is allowed. */
    void limit(int newLimit) throws IOException {
        if (newLimit > MAX_SIZE) {
            throw new IOException("the headers of the answer are damaged: a table of " + newLimit + " bytes");
        }
        limit = newLimit;
        evict();
    }

    private void evict() {
        while (size > limit) {
            size -= sizeOf(added.removeLast());
        }
    }

    private static int sizeOf(Map.Entry<String, String> header) {
        return header.getKey().length() + header.getValue().length() + OVERHEAD;
    }
}
