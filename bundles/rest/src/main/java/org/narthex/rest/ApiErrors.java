package org.narthex.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the error envelope of whatever a resource throws. */
@Provider
public final class ApiErrors implements ExceptionMapper<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(ApiErrors.class);

    @Override
    public Response toResponse(Throwable thrown) {
        if (thrown instanceof ApiException e) {
            if (e.type() == ErrorType.INTERNAL) {
                LOG.error("A request failed: {}", e.getMessage(), e);
            }
            Response.ResponseBuilder response =
                    Response.status(e.type().status()).entity(body(e.type(), e.getMessage()));
            if (e.type() == ErrorType.UNAVAILABLE) {
                response.header(HttpHeaders.RETRY_AFTER, 1);
            }
            return response.type(MediaType.APPLICATION_JSON).build();
        }
        if (thrown instanceof NotFoundException) {
            return Response.status(ErrorType.NOT_FOUND.status())
                    .entity(body(ErrorType.NOT_FOUND, "there is no such path in the API"))
                    .type(MediaType.APPLICATION_JSON)
                    .build();
        }
        if (thrown instanceof WebApplicationException e) {
            return Response.fromResponse(e.getResponse())
                    .entity(body(ErrorType.BAD_DATA, e.getMessage()))
                    .type(MediaType.APPLICATION_JSON)
                    .build();
        }
        LOG.error("A request failed unexpectedly", thrown);
        return Response.status(ErrorType.INTERNAL.status())
                .entity(body(ErrorType.INTERNAL, String.valueOf(thrown)))
                .type(MediaType.APPLICATION_JSON)
                .build();
    }

    static byte[] body(ErrorType type, String message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonBytes json = new JsonBytes(new byte[1024], out);
        try {
            json.ascii("{\"status\":\"error\",\"errorType\":");
            json.string(type.word());
            json.ascii(",\"error\":");
            json.string(message == null ? "" : message);
            json.ascii('}');
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array refused bytes", e);
        }
        return out.toByteArray();
    }
}
