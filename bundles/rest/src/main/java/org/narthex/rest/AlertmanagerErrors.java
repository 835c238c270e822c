package org.narthex.rest;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Alertmanager's API answers errors by a JSON string alone. */
@Provider
public final class AlertmanagerErrors implements ExceptionMapper<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(AlertmanagerErrors.class);

    @Override
    public Response toResponse(Throwable thrown) {
        if (thrown instanceof ApiException e) {
            return answer(e.type().status(), e.getMessage());
        }
        if (thrown instanceof NotFoundException) {
            return answer(ErrorType.NOT_FOUND.status(), "there is no such path in the API");
        }
        if (thrown instanceof WebApplicationException e) {
            return answer(e.getResponse().getStatus(), e.getMessage());
        }
        if (thrown instanceof IllegalStateException) {
            // The Alertmanager says why it cannot answer now.
            LOG.warn("A request to the Alertmanager failed: {}", thrown.getMessage());
            return answer(ErrorType.UNAVAILABLE.status(), thrown.getMessage());
        }
        LOG.error("A request failed unexpectedly", thrown);
        return answer(ErrorType.INTERNAL.status(), String.valueOf(thrown));
    }

    static Response answer(int status, String message) {
        return Response.status(status)
                .entity(AlertJson.of(message == null ? "" : message, (text, json) -> json.text(text)))
                .type(MediaType.APPLICATION_JSON)
                .build();
    }
}
