package org.narthex.rest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** One exchange with a servlet. */
final class FakeHttp {
    static final int LOCAL_PORT = 9090;
    static final int REMOTE_PORT = 40_000;

    final Map<String, String> headers = new HashMap<>();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    int status = 200;

    private byte[] requestBody = {};

    static FakeHttp call(HttpServlet servlet, String method, String path, String... requestHeaders)
            throws IOException, ServletException {
        return call(servlet, method, path, "", requestHeaders);
    }

    static FakeHttp call(HttpServlet servlet, String method, String path, String body, String[] requestHeaders)
            throws IOException, ServletException {
        FakeHttp http = new FakeHttp();
        http.requestBody = body.getBytes(StandardCharsets.UTF_8);
        servlet.service(http.request(method, path, requestHeaders), http.response());
        return http;
    }

    String text() {
        return body.toString(StandardCharsets.UTF_8);
    }

    HttpServletRequest request(String method, String path, String... requestHeaders) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                FakeHttp.class.getClassLoader(), new Class<?>[] {HttpServletRequest.class}, (proxy, called, args) -> {
                    switch (called.getName()) {
                        case "getMethod":
                            return method;
                        case "getServletPath":
                            return path.split("\\?")[0];
                        case "getQueryString":
                            return path.contains("?") ? path.substring(path.indexOf('?') + 1) : null;
                        case "getContextPath":
                            return "";
                        case "getProtocol":
                            return "HTTP/1.1";
                        case "getPathInfo":
                            return null;
                        case "getRequestURI":
                            return path.split("\\?")[0];
                        case "getRemoteAddr":
                            return "127.0.0.1";
                        case "getLocalPort":
                            return LOCAL_PORT;
                        case "getRemotePort":
                            return REMOTE_PORT;
                        case "getInputStream":
                            return input();
                        case "getContentType":
                            return header("Content-Type", requestHeaders);
                        case "getHeader":
                            return header((String) args[0], requestHeaders);
                        default:
                            throw new UnsupportedOperationException(called.getName());
                    }
                });
    }

    private static String header(String name, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equals(name)) {
                return headers[i + 1];
            }
        }
        return null;
    }

    private ServletInputStream input() {
        ByteArrayInputStream bytes = new ByteArrayInputStream(requestBody);
        return new ServletInputStream() {
            @Override
            public boolean isFinished() {
                return bytes.available() == 0;
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setReadListener(ReadListener listener) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read() {
                return bytes.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                return bytes.read(into, offset, length);
            }
        };
    }

    HttpServletResponse response() {
        return (HttpServletResponse) Proxy.newProxyInstance(
                FakeHttp.class.getClassLoader(), new Class<?>[] {HttpServletResponse.class}, (proxy, called, args) -> {
                    switch (called.getName()) {
                        case "setStatus", "sendError":
                            status = (Integer) args[0];
                            return null;
                        case "getStatus":
                            return status;
                        case "setHeader":
                            headers.put((String) args[0], (String) args[1]);
                            return null;
                        case "setContentType":
                            headers.put("Content-Type", (String) args[0]);
                            return null;
                        case "reset":
                            headers.clear();
                            return null;
                        case "setContentLength", "flushBuffer":
                            return null;
                        case "getOutputStream":
                            return output();
                        default:
                            throw new UnsupportedOperationException(called.getName());
                    }
                });
    }

    private ServletOutputStream output() {
        return new ServletOutputStream() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(int b) {
                body.write(b);
            }
        };
    }
}
