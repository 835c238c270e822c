package org.narthex.remote;

import java.util.List;

/** Which message a request brings, by its headers. The rules and words are those of Prometheus' receiver. */
enum ContentKind {
    VERSION_1("prometheus.WriteRequest"),
    VERSION_2("io.prometheus.write.v2.Request");

    private static final String MEDIA_TYPE = "application/x-protobuf";
    private static final String SNAPPY = "snappy";

    private final String messageName;

    ContentKind(String messageName) {
        this.messageName = messageName;
    }

    String messageName() {
        return messageName;
    }

    /**
     * Judges the headers.
     *
     * @param contentType the header, or null; without one it is version 1
     * @param encoding the header, or null; without one it is snappy
     * @param accepted names of the messages to accept
     * @throws BadRequestException if the server does not speak that; the answer is 415
     */
    static ContentKind of(String contentType, String encoding, List<String> accepted) throws BadRequestException {
        ContentKind kind = contentType == null || contentType.isEmpty() ? VERSION_1 : parse(contentType.strip());
        if (!accepted.contains(kind.messageName)) {
            throw new BadRequestException(kind.messageName
                    + " protobuf message is not accepted by this server; accepted " + String.join(", ", accepted));
        }
        if (encoding != null && !encoding.isEmpty() && !encoding.equalsIgnoreCase(SNAPPY)) {
            throw new BadRequestException(
                    encoding + " encoding (compression) is not accepted by this server; only snappy is acceptable");
        }
        return kind;
    }

    private static ContentKind parse(String contentType) throws BadRequestException {
        String[] parts = contentType.split(";", -1);
        if (!parts[0].strip().equalsIgnoreCase(MEDIA_TYPE)) {
            throw new BadRequestException(
                    "expected " + MEDIA_TYPE + " as the first (media) part, got " + contentType + " content-type");
        }
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", -1);
            if (pair.length != 2) {
                throw new BadRequestException("expected parameters to be key-values, got " + parts[i] + " in "
                        + contentType + " content-type");
            }
            if (pair[0].strip().equalsIgnoreCase("proto")) {
                return named(pair[1].strip(), contentType);
            }
        }
        return VERSION_1;
    }

    private static ContentKind named(String name, String contentType) throws BadRequestException {
        for (ContentKind kind : values()) {
            if (kind.messageName.equals(name)) {
                return kind;
            }
        }
        throw new BadRequestException(
                "got " + contentType + " content type; unknown type for remote write protobuf message " + name
                        + ", supported: prometheus.WriteRequest, io.prometheus.write.v2.Request");
    }
}
