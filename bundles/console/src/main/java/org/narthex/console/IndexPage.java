package org.narthex.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The one HTML page, made to fit the path under which browsers reach this server. */
final class IndexPage {
    private static final String BASE = "<base href=\"/\"";

    private final byte[] html;
    private final String etag;

    private IndexPage(byte[] html, String etag) {
        this.html = html;
        this.etag = etag;
    }

    /** @param externalPath such as {@code /} or {@code /narthex}; slashes at its ends do not matter */
    static IndexPage of(byte[] built, String externalPath) {
        String page = new String(built, StandardCharsets.UTF_8);
        if (!page.contains(BASE)) {
            throw new IllegalArgumentException("index.html has no " + BASE + "> to put the external path into");
        }
        String base = ("/" + externalPath + "/").replaceAll("/{2,}", "/");
        byte[] html = page.replace(BASE, "<base href=\"" + escape(base) + "\"").getBytes(StandardCharsets.UTF_8);
        return new IndexPage(html, '"' + hash(html) + '"');
    }

    /** Not a copy: callers only write it out. */
    byte[] html() {
        return html;
    }

    /** Strong validator, with its quotes. */
    String etag() {
        return etag;
    }

    /** Whether an {@code If-None-Match} header names this page; a proxy may have made the validator weak. */
    boolean isKnownTo(String ifNoneMatch) {
        return ifNoneMatch != null && (ifNoneMatch.strip().equals("*") || ifNoneMatch.contains(etag));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
