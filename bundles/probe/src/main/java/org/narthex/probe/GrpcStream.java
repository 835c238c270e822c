package org.narthex.probe;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** One unary call of gRPC over a connection that is there. */
final class GrpcStream {
    /** Before a message: whether it is compressed, and its length. */
    private static final int PREFIX = 5;

    private static final int MAX_ANSWER = 65_535;

    private final Http2Stream stream;
    private OptionalInt status = OptionalInt.empty();

    GrpcStream(InputStream in, OutputStream out) {
        stream = new Http2Stream(in, out, MAX_ANSWER);
    }

    /**
     * Calls, and waits for the answer.
     *
     * @param headers in lower case, those with a colon first
     * @param message of the request
     * @return the message of the answer; of no length if there was none
     * @throws IOException the connection broke, or it is none of HTTP/2
     */
    byte[] call(List<Map.Entry<String, String>> headers, byte[] message) throws IOException {
        ByteArrayOutputStream prefixed = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(prefixed);
        data.writeBoolean(false);
        data.writeInt(message.length);
        data.write(message);
        stream.send(headers, new HttpText(prefixed.toByteArray()));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        stream.body().writeTo(body);
        // A call that fails at once has trailers alone, which are the headers then.
        status = status(stream.trailers().isEmpty() ? stream.headers() : stream.trailers());
        return message(body.toByteArray());
    }

    private static OptionalInt status(List<Map.Entry<String, String>> headers) throws IOException {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equals("grpc-status")) {
                if (!header.getValue().matches("\\d{1,4}")) {
                    throw new IOException("grpc-status is no number");
                }
                return OptionalInt.of(Integer.parseInt(header.getValue()));
            }
        }
        return OptionalInt.empty();
    }

    /** What the server said of the call, as gRPC numbers it; empty if nothing. */
    OptionalInt status() {
        return status;
    }

    /** The first message; compressed ones were not asked for. */
    private static byte[] message(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return bytes;
        }
        int length = bytes.length < PREFIX ? -1 : ByteBuffer.wrap(bytes).getInt(1);
        boolean isCompressed = bytes[0] != 0;
        if (isCompressed || length < 0 || length > bytes.length - PREFIX) {
            throw new IOException("the answer is no message of gRPC");
        }
        return Arrays.copyOfRange(bytes, PREFIX, PREFIX + length);
    }
}
