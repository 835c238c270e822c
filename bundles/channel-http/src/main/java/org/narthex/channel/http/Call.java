package org.narthex.channel.http;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.json.JsonStructure;

/** A request to a service. */
record Call(String method, URI url, Map<String, String> headers, String body) {
    Call {
        headers = Map.copyOf(headers);
    }

    static Call post(URI url, JsonStructure body) {
        return json("POST", url, body);
    }

    static Call json(String method, URI url, JsonStructure body) {
        return new Call(method, url, Map.of("Content-Type", "application/json"), body.toString());
    }

    static Call get(URI url) {
        return new Call("GET", url, Map.of(), "");
    }

    static Call form(URI url, Map<String, String> fields) {
        return new Call("POST", url, Map.of("Content-Type", "application/x-www-form-urlencoded"), encode(fields));
    }

    /** Fields as in the query of a URL, in their order. */
    static String encode(Map<String, String> fields) {
        StringBuilder out = new StringBuilder();
        fields.forEach((key, value) -> out.append(out.isEmpty() ? "" : "&")
                .append(encode(key))
                .append('=')
                .append(encode(value)));
        return out.toString();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    Call with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Call(method, url, more, body);
    }
}
