package org.narthex.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;

/** Writes structured answers by JSON-B, whose provider is found and started when the first one is asked for. */
@Provider
@Produces(MediaType.APPLICATION_JSON)
public final class JsonbBody implements MessageBodyWriter<Envelope> {
    private volatile Jsonb jsonb;

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == Envelope.class;
    }

    @Override
    public void writeTo(
            Envelope answer,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> httpHeaders,
            OutputStream out)
            throws IOException {
        write(answer, out);
    }

    void write(Envelope answer, OutputStream out) throws IOException {
        // toJson would close the stream, which is the container's to close.
        out.write(jsonb().toJson(answer).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private synchronized Jsonb jsonb() {
        if (jsonb == null) {
            jsonb = JsonbBuilder.create();
        }
        return jsonb;
    }
}
