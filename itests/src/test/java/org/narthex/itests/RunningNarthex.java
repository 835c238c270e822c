package org.narthex.itests;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;

/** The packed distribution, run as a process from a private copy of its home, so that tests may change {@code deploy/} and {@code conf/}. */
final class RunningNarthex implements AutoCloseable {
    private static final Path PACKED =
            Path.of(System.getProperty("narthex.distribution", "../distribution/target/narthex"));

    /** One for all: each client costs a selector thread. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Path home;
    private final int port;
    private final List<String> flags = new ArrayList<>();
    private String javaOptions = "";
    private Process process;

    /** @param folder an empty folder for home, data and log */
    RunningNarthex(Path folder) throws IOException {
        home = folder.resolve("narthex");
        copyTree(PACKED, home);
        port = freePort();
    }

    Path home() {
        return home;
    }

    Path data() {
        return home.resolve("data");
    }

    int port() {
        return port;
    }

    private Path log() {
        return home.resolveSibling("narthex.log");
    }

    /** Writes the configuration that the next start uses, or a reload reads. */
    RunningNarthex configure(String yaml) throws IOException {
        Files.writeString(home.resolve("conf/prometheus.yml"), yaml);
        return this;
    }

    RunningNarthex flag(String flag) {
        flags.add(flag);
        return this;
    }

    /** Sets options of the JVM. */
    RunningNarthex java(String options) {
        javaOptions = options;
        return this;
    }

    /** Starts without waiting. */
    Process launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/narthex").toString());
        command.addAll(flags);
        if (flags.stream().noneMatch(flag -> flag.startsWith("--web.listen-address"))) {
            command.add("--web.listen-address=127.0.0.1:" + port);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        if (!javaOptions.isEmpty()) {
            builder.environment().put("NARTHEX_JAVA_OPTS", javaOptions);
        }
        process = builder.start();
        return process;
    }

    /** Starts, and returns when {@code /-/ready} says so. */
    RunningNarthex start() throws Exception {
        launch();
        try {
            await("ready", 30, () -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException("ended with " + process.exitValue() + ": " + readLog());
                }
                return status("/-/ready") == 200;
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "; /-/ready answers " + status("/-/ready") + "\n" + readLog() + threads(), e);
        }
        return this;
    }

    /** What every thread does now, for a start that hangs. */
    private String threads() throws IOException {
        Process dump = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        "Thread.print")
                .redirectErrorStream(true)
                .start();
        return new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    Process process() {
        return process;
    }

    String readLog() {
        try {
            return Files.exists(log()) ? Files.readString(log()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process as a power cut of its own would: no handler runs. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends SIGTERM and waits for the end; returns the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("did not end in 20 s after SIGTERM");
        }
        return process.exitValue();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** The status code, or 0 if nobody answers. */
    int status(String path) throws InterruptedException {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The status code of a request with a password. */
    int statusAs(String user, String password, String path) throws IOException, InterruptedException {
        return statusAs(user, password, HttpRequest.newBuilder(uri(path)));
    }

    /** The status code of a form sent with a password. */
    int postAs(String user, String password, String path, String form) throws IOException, InterruptedException {
        return statusAs(
                user,
                password,
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private static int statusAs(String user, String password, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        String credentials =
                Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return HTTP.send(
                        request.header("Authorization", "Basic " + credentials).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(10))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> postJson(String path, String body) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The {@code data} of an API call that must succeed. */
    JsonObject data(String path) throws IOException, InterruptedException {
        JsonObject answer = json(get("/api/v1/" + path).body());
        if (!answer.getString("status").equals("success")) {
            throw new IllegalStateException(path + ": " + answer);
        }
        return answer.getJsonObject("data");
    }

    /** The result elements of an instant query. */
    List<JsonObject> query(String expression) throws IOException, InterruptedException {
        return data("query?query=" + encode(expression)).getJsonArray("result").getValuesAs(JsonObject.class);
    }

    /** The value of the only element of an instant query, or NaN if there is not exactly one. */
    double value(String expression) throws IOException, InterruptedException {
        List<JsonObject> result = query(expression);
        return result.size() == 1
                ? Double.parseDouble(result.get(0).getJsonArray("value").getString(1))
                : Double.NaN;
    }

    static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A condition that may fail on the way. */
    interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits until the condition holds; says what was awaited if it does not in time. */
    static void await(String what, int seconds, Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not " + what + " in " + seconds + " s");
            }
            TimeUnit.MILLISECONDS.sleep(25);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Whether a program is installed; tests that need it are skipped where it is not. */
    static boolean isInstalled(String program) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (folder.getFileName().toString().equals("data")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null && process.isAlive()) {
            kill();
        }
    }
}
