package org.narthex.channel.http;

import java.io.IOException;
import java.io.StringReader;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;

import org.narthex.api.alert.RejectedException;

/** What a service answered. */
record Answer(String host, int status, String contentType, String body) {
    private static final int SHOWN = 300;

    /**
     * Returns if the service took it.
     *
     * @param passing codes besides 429 and those of 5xx that pass with time
     */
    Answer accepted(int... passing) throws IOException, RejectedException {
        if (status / 100 == 2) {
            return this;
        }
        String message = host + " answered " + status + (body.isBlank() ? "" : ": " + Text.first(body.strip(), SHOWN));
        boolean passes = status == 429 || status / 100 == 5;
        for (int code : passing) {
            passes |= status == code;
        }
        if (passes) {
            throw new IOException(message);
        }
        throw new RejectedException(message);
    }

    RejectedException rejected(String reason) {
        return new RejectedException(host + " refused it: " + Text.first(reason, SHOWN));
    }

    /** @throws IOException if it is none; something in between may have answered */
    JsonObject json() throws IOException {
        try (JsonReader reader = Json.createReader(new StringReader(body))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new IOException(host + " answered with no JSON: " + Text.first(body, SHOWN), e);
        }
    }
}
