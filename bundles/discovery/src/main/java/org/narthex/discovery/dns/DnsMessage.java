package org.narthex.discovery.dns;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Messages of the domain name system (RFC 1035), as far as a client needs them. */
final class DnsMessage {
    static final int NO_ERROR = 0;
    static final int NAME_ERROR = 3;
    private static final int CLASS_INTERNET = 1;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int TRUNCATED = 0x0200;
    private static final int MAX_JUMPS = 64;
    private static final int MAX_LABEL = 63;
    private static final int MAX_NAME = 255;

    /** Kinds of records that can be asked for, with their numbers. */
    enum Type {
        A(1),
        NS(2),
        MX(15),
        AAAA(28),
        SRV(33);

        private final int code;

        Type(int code) {
            this.code = code;
        }
    }

    /**
     * A record of an answer.
     *
     * @param target a name with its final dot, or an address as text
     * @param port 0 where it has none
     */
    record Answer(Type type, String target, int port) {}

    /** @param truncated whether it must be asked for again by TCP */
    record Response(int id, int code, boolean truncated, List<Answer> answers) {}

    private DnsMessage() {}

    /** @param name with or without its final dot */
    static byte[] query(int id, String name, Type type) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // Id, flags, one question, nothing else.
        for (int word : new int[] {id, RECURSION_DESIRED, 1, 0, 0, 0}) {
            out.write(word >> 8);
            out.write(word);
        }
        for (String label : name.replaceAll("\\.$", "").split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0 || bytes.length > MAX_LABEL) {
                throw new IOException("\"" + name + "\" is no domain name");
            }
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
        for (int word : new int[] {type.code, CLASS_INTERNET}) {
            out.write(word >> 8);
            out.write(word);
        }
        return out.toByteArray();
    }

    /** Reads a response; records that are not of the type asked for are left out. */
    static Response response(byte[] bytes, int length, Type wanted) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        try {
            int id = in.getShort() & 0xffff;
            int flags = in.getShort() & 0xffff;
            int questions = in.getShort() & 0xffff;
            int count = in.getShort() & 0xffff;
            in.getInt();
            for (int i = 0; i < questions; i++) {
                name(in);
                in.getInt();
            }
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                record(in, wanted, answers);
            }
            return new Response(id, flags & 0xf, (flags & TRUNCATED) != 0, answers);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("a response of the name server ends too early", e);
        }
    }

    private static void record(ByteBuffer in, Type wanted, List<Answer> into) throws IOException {
        name(in);
        int type = in.getShort() & 0xffff;
        int kind = in.getShort() & 0xffff;
        in.getInt();
        int end = (in.getShort() & 0xffff) + in.position();
        if (type == wanted.code && kind == CLASS_INTERNET) {
            switch (wanted) {
                case A, AAAA -> {
                    byte[] address = new byte[wanted == Type.A ? 4 : 16];
                    in.get(address);
                    into.add(new Answer(wanted, text(address), 0));
                }
                case NS -> into.add(new Answer(wanted, name(in), 0));
                case MX -> {
                    in.getShort();
                    into.add(new Answer(wanted, name(in), 0));
                }
                case SRV -> {
                    in.getInt();
                    int port = in.getShort() & 0xffff;
                    into.add(new Answer(wanted, name(in), port));
                }
            }
        }
        in.position(end);
    }

    /** Addresses of version 6 are shortened as usual: the longest run of zeros is left out. */
    private static String text(byte[] address) throws IOException {
        if (address.length == 4) {
            return InetAddress.getByAddress(address).getHostAddress();
        }
        int[] words = new int[8];
        for (int i = 0; i < words.length; i++) {
            words[i] = (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff);
        }
        int start = -1;
        int longest = 1;
        for (int i = 0; i < words.length; i++) {
            int n = 0;
            while (i + n < words.length && words[i + n] == 0) {
                n++;
            }
            if (n > longest) {
                longest = n;
                start = i;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < words.length; i++) {
            if (i == start) {
                out.append("::");
                i += longest - 1;
            } else {
                out.append(out.isEmpty() || out.charAt(out.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(words[i]));
            }
        }
        return out.toString();
    }

    /** A name with its final dot; it may go on at an earlier place of the message. */
    private static String name(ByteBuffer in) throws IOException {
        StringBuilder out = new StringBuilder();
        int back = -1;
        int jumps = 0;
        while (true) {
            int length = in.get() & 0xff;
            if (length == 0) {
                break;
            }
            if ((length & 0xc0) == 0xc0) {
                int to = (length & 0x3f) << 8 | (in.get() & 0xff);
                back = back < 0 ? in.position() : back;
                if (++jumps > MAX_JUMPS) {
                    throw new IOException("a name in a response of the name server has no end");
                }
                in.position(to);
                continue;
            }
            if (length > MAX_LABEL) {
                throw new IOException("a name in a response of the name server has a part of " + length + " bytes");
            }
            byte[] label = new byte[length];
            in.get(label);
            out.append(new String(label, StandardCharsets.UTF_8)).append('.');
            if (out.length() > MAX_NAME) {
                // Else pointers could make large names of few bytes, each record anew.
                throw new IOException("a name in a response of the name server is longer than 255 bytes");
            }
        }
        if (back >= 0) {
            in.position(back);
        }
        return out.isEmpty() ? "." : out.toString();
    }
}
