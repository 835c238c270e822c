package org.narthex.rest;

import java.io.InputStream;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.query.QueryException;

/** {@code format_query} and {@code parse_query}: what can be said of an expression without evaluating it. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class ExpressionResource {
    private final LiveServices services;

    ExpressionResource(LiveServices services) {
        this.services = services;
    }

    @GET
    @Path("format_query")
    public Object format(@Context UriInfo uri) {
        return format(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    @POST
    @Path("format_query")
    @Consumes("*/*")
    public Object format(@Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        return format(ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body));
    }

    @GET
    @Path("parse_query")
    public Object parse(@Context UriInfo uri) {
        return parse(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    @POST
    @Path("parse_query")
    @Consumes("*/*")
    public Object parse(@Context UriInfo uri, @HeaderParam("Content-Type") String contentType, InputStream body) {
        return parse(ApiParameters.of(uri.getRequestUri().getRawQuery(), contentType, body));
    }

    private Envelope format(ApiParameters parameters) {
        try {
            return Envelope.of(services.queryEngine.required().format(parameters.text("query")));
        } catch (QueryException e) {
            throw ApiException.of(e);
        }
    }

    private TreeAnswer parse(ApiParameters parameters) {
        try {
            return new TreeAnswer(services.queryEngine.required().parse(parameters.text("query")));
        } catch (QueryException e) {
            throw ApiException.of(e);
        }
    }
}
