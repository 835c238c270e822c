package org.narthex.tracing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.narthex.api.config.TracingConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;

/** OTLP over gRPC. One connection, made anew when it broke. */
final class GrpcCollector implements Collector {
    private static final String PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private static final int DEFAULT_PORT = 4317;

    private final TracingConfig config;
    private final Supplier<HttpClients> clients;
    private final String authority;
    private final String host;
    private final int port;
    /** Null while there is none. */
    private Http2Connection connection;

    /** @param clients gives null while there is no HTTP client, which knows TLS */
    GrpcCollector(TracingConfig config, Supplier<HttpClients> clients) {
        this.config = config;
        this.clients = clients;
        // A target may be written as gRPC's own names are, dns:///host:port.
        authority = config.endpoint().substring(config.endpoint().lastIndexOf('/') + 1);
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        host = (colon < 0 ? authority : authority.substring(0, colon)).replaceAll("[\\[\\]]", "");
        // Not a number is an IllegalArgumentException.
        port = colon < 0 ? DEFAULT_PORT : Integer.parseUnsignedInt(authority.substring(colon + 1));
    }

    @Override
    public void send(byte[] request) throws IOException {
        try {
            if (connection == null) {
                connection = connect();
            }
            connection.call(headers(), message(request));
        } catch (IOException | RuntimeException e) {
            close();
            throw e instanceof IOException io
                    ? new IOException(authority + ": " + io.getMessage(), io)
                    : new IOException(authority + ": " + e, e);
        }
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":method", "POST");
        headers.put(":scheme", config.insecure() ? "http" : "https");
        headers.put(":path", PATH);
        headers.put(":authority", authority);
        headers.put("content-type", "application/grpc");
        headers.put("te", "trailers");
        headers.put("grpc-timeout", config.timeoutMs() + "m");
        if (config.gzip()) {
            headers.put("grpc-encoding", "gzip");
        }
        config.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return headers;
    }

    /** A message with its prefix: whether it is compressed, and its length. */
    private byte[] message(byte[] request) throws IOException {
        byte[] body = config.gzip() ? HttpCollector.compressed(request) : request;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 5);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBoolean(config.gzip());
        out.writeInt(body.length);
        out.write(body);
        return bytes.toByteArray();
    }

    private Http2Connection connect() throws IOException {
        int timeoutMs = (int) Math.min(Integer.MAX_VALUE, config.timeoutMs());
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), timeoutMs);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMs);
            return new Http2Connection(config.insecure() ? socket : secured(socket));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private SSLSocket secured(Socket socket) throws IOException {
        HttpClients available = clients.get();
        if (available == null) {
            throw new IOException("there is no HTTP client: is the bundle http-client installed?");
        }
        HttpClient tls =
                available.client(HttpClientConfig.DEFAULT.withTls(config.tls())).http();
        SSLSocket secured = (SSLSocket) tls.sslContext().getSocketFactory().createSocket(socket, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        String[] versions = tls.sslParameters().getProtocols();
        if (versions != null) {
            parameters.setProtocols(versions);
        }
        parameters.setApplicationProtocols(new String[] {"h2"});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
