package org.narthex.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;

/** Streams answers that write themselves. Buffers are shared by requests, not kept by threads: those of the server outlive this bundle. */
@Provider
@Produces(MediaType.APPLICATION_JSON)
public final class QueryBody implements MessageBodyWriter<StreamedAnswer> {
    private final BlockingQueue<byte[]> buffers = new ArrayBlockingQueue<>(16);

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return StreamedAnswer.class.isAssignableFrom(type);
    }

    @Override
    public void writeTo(
            StreamedAnswer answer,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> httpHeaders,
            OutputStream out)
            throws IOException {
        byte[] buffer = buffers.poll();
        if (buffer == null) {
            buffer = new byte[JsonBytes.BUFFER_BYTES];
        }
        try {
            JsonBytes json = new JsonBytes(buffer, out);
            answer.write(json);
            json.flush();
        } finally {
            // When all places are taken the buffer is left to the garbage collector.
            if (!buffers.offer(buffer)) {
                buffer = null;
            }
        }
    }
}
