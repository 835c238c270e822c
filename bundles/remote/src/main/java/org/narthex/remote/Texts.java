package org.narthex.remote;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Makes texts of UTF-8, and the same object again for a text seen lately: names and many values come over and over. Not thread-safe. */
final class Texts {
    private static final int RECENT = 4096;
    private static final int MAX_RECENT_LENGTH = 200;

    private final String[] recent = new String[RECENT];
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private boolean invalid;

    /** Whether a text since the last call was no UTF-8; such texts come with replacement characters. */
    boolean takeInvalid() {
        boolean was = invalid;
        invalid = false;
        return was;
    }

    String text(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return "";
        }
        int hash = 0;
        int signs = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
            signs |= bytes[i];
        }
        if (signs < 0) {
            return decoded(bytes, from, length);
        }
        if (length > MAX_RECENT_LENGTH) {
            return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        }
        int place = (hash ^ (hash >>> 16)) & (RECENT - 1);
        String there = recent[place];
        if (there != null && there.length() == length && same(there, bytes, from)) {
            return there;
        }
        String text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        recent[place] = text;
        return text;
    }

    private static boolean same(String text, byte[] bytes, int from) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    private String decoded(byte[] bytes, int from, int length) {
        try {
            return decoder.decode(ByteBuffer.wrap(bytes, from, length)).toString();
        } catch (CharacterCodingException e) {
            invalid = true;
            return new String(bytes, from, length, StandardCharsets.UTF_8);
        }
    }
}
