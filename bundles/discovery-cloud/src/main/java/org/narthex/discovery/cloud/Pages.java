package org.narthex.discovery.cloud;

import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;

/** Where an answer goes on, as the answers themselves say; those that lead in a circle or nowhere are refused. Of one list, in one thread. */
public final class Pages {
    /** More than any account may have. */
    private static final int MOST = 10_000;

    private final Set<String> read = new HashSet<>();

    /**
     * Notes a page before it is asked for.
     *
     * @param page what tells it from the others: a link or a token
     * @return the same
     * @throws IOException if it was read before, or there is no end of pages
     */
    public String next(String page) throws IOException {
        if (!read.add(page)) {
            throw new IOException("the pages of the answer lead back to one that was read before");
        }
        if (read.size() > MOST) {
            throw new IOException("the answer has more than " + MOST + " pages");
        }
        return page;
    }

    /** The address a link names. */
    public static URI address(String link) throws IOException {
        try {
            return URI.create(link.replace(" ", "%20"));
        } catch (IllegalArgumentException e) {
            throw new IOException("the answer has a link that is no address: " + e.getMessage(), e);
        }
    }
}
