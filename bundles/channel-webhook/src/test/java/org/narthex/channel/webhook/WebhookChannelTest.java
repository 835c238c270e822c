package org.narthex.channel.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;
import org.narthex.testkit.AlertChannelContract;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

class WebhookChannelTest extends AlertChannelContract {
    @TempDir
    Path folder;

    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final List<HttpClientConfig> asked = new CopyOnWriteArrayList<>();
    private final AlertChannel channel = new WebhookChannel(new PlainClients());
    private HttpServer receiver;
    private volatile int answer = 200;

    /** Clients without credentials that remember what they were asked for. */
    private final class PlainClients implements HttpClients, HttpClients.Client {
        private final HttpClient http = HttpClient.newHttpClient();

        @Override
        public Client client(HttpClientConfig config) {
            asked.add(config);
            return this;
        }

        @Override
        public HttpClient http() {
            return http;
        }

        @Override
        public HttpRequest.Builder request(URI uri) {
            return HttpRequest.newBuilder(uri);
        }
    }

    @BeforeEach
    void startReceiver() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        receiver.createContext("/", this::take);
        receiver.start();
    }

    @AfterEach
    void stopReceiver() {
        receiver.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        if (answer / 100 == 2) {
            taken.add(body);
        }
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    @Override
    protected AlertChannel channel() {
        return channel;
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook?token=s3cret";
    }

    @Override
    protected ConfigNode section() {
        return ConfigNode.of(Map.of("url", url(), "send_resolved", "true"));
    }

    @Override
    protected ConfigNode badSection() {
        return ConfigNode.of(Map.of("url", "ftp://s3cret@host"));
    }

    @Override
    protected String badKey() {
        return "url";
    }

    @Override
    protected void farSide(FarSide behaviour) {
        switch (behaviour) {
            case ACCEPTS -> answer = 200;
            case BUSY -> answer = 503;
            case REFUSES -> answer = 400;
            case GONE -> receiver.stop(0);
        }
    }

    @Override
    protected List<String> taken() {
        return taken;
    }

    @Test
    void waitsNoLongerThanItsTimeout() {
        CountDownLatch answers = new CountDownLatch(1);
        receiver.createContext("/slow", exchange -> {
            try {
                boolean unused = answers.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        String slow = url().replace("/hook", "/slow");
        ConfigNode section = ConfigNode.of(Map.of("url", slow, "timeout", "50ms"));
        assertThatThrownBy(() -> channel.send(notification("a", firing("Down")), section))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("s3cret");
        answers.countDown();
    }

    @Test
    void writesTheMessageAsAlertmanagerDoes() throws Exception {
        channel.send(notification("a", firing("Down"), resolved("Slow")), section());
        assertThat(taken.get(0)).isEqualTo(new String(resource("message.json"), UTF_8).strip());
    }

    @Test
    void sendsAPayloadOfOnesOwn() throws Exception {
        Map<String, ConfigNode> payload = new LinkedHashMap<>();
        payload.put("text", ConfigNode.scalar("am.yml", 7, "text", "<down> \"now\""));
        payload.put("count", ConfigNode.scalar("am.yml", 8, "count", "3"));
        payload.put("urgent", ConfigNode.scalar("am.yml", 9, "urgent", "true"));
        payload.put("alerts", ConfigNode.scalar("am.yml", 10, "alerts", "[{\"a\":1}]"));
        payload.put("note", ConfigNode.scalar("am.yml", 10, "note", "[FIRING] null 1.2.3"));
        payload.put(
                "tags",
                ConfigNode.sequence("am.yml", 11, "tags", java.util.List.of(ConfigNode.scalar("am.yml", 11, "", "a"))));
        ConfigNode section = ConfigNode.mapping(
                "am.yml",
                5,
                "",
                Map.of(
                        "url", ConfigNode.scalar("am.yml", 5, "url", url()),
                        "payload", ConfigNode.mapping("am.yml", 6, "payload", payload)));
        channel.send(notification("a", firing("Down")), section);
        assertThat(taken)
                .containsExactly("{\"text\":\"<down> \\\"now\\\"\",\"count\":3,\"urgent\":true,\"alerts\":[{\"a\":1}],"
                        + "\"note\":\"[FIRING] null 1.2.3\",\"tags\":[\"a\"]}");
    }

    @Test
    void leavesOutAlertsBeyondTheMaximum() throws Exception {
        ConfigNode section = ConfigNode.of(Map.of("url", url(), "max_alerts", "1"));
        channel.send(notification("a", firing("Down"), firing("Slow")), section);
        assertThat(taken.get(0)).contains("\"truncatedAlerts\":1").doesNotContain("Slow is of interest");
    }

    @Test
    void asksForRetryWhenTheReceiverLimitsTheRate() {
        answer = 429;
        assertThatThrownBy(() -> channel.send(notification("a", firing("A")), section()))
                .isInstanceOf(IOException.class)
                .hasMessage("127.0.0.1 answered 429");
    }

    @Test
    void readsTheUrlFromItsFileForEachNotification() throws Exception {
        Path file = Files.writeString(folder.resolve("url"), url() + "\n");
        ConfigNode section = ConfigNode.of(Map.of("url_file", file.toString()));
        channel.send(notification("a", firing("A")), section);
        Files.writeString(file, "nothing useful");
        assertThatThrownBy(() -> channel.send(notification("a", firing("A")), section))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
        assertThat(taken).hasSize(1);
    }

    @Test
    void asksForAClientByItsHttpConfig() throws Exception {
        Map<String, ConfigNode> auth = new LinkedHashMap<>();
        auth.put("username", ConfigNode.scalar("am.yml", 7, "username", "ann"));
        auth.put("password_file", ConfigNode.scalar("/etc/am.yml", 8, "password_file", "pass"));
        ConfigNode http = ConfigNode.mapping(
                "am.yml", 6, "http_config", Map.of("basic_auth", ConfigNode.mapping("am.yml", 6, "basic_auth", auth)));
        ConfigNode section = ConfigNode.mapping(
                "am.yml", 5, "", Map.of("url", ConfigNode.scalar("am.yml", 5, "url", url()), "http_config", http));
        channel.send(notification("a", firing("A")), section);
        HttpClientConfig.BasicAuth asking = asked.get(0).basicAuth().orElseThrow();
        assertThat(asking.username().text()).isEqualTo("ann");
        assertThat(asking.password().file()).contains(Path.of("/etc/pass"));
    }

    @Test
    void printsNoSecrets() {
        farSide(FarSide.GONE);
        assertThatThrownBy(() -> channel.send(notification("a", firing("A")), section()))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
        assertThatThrownBy(() -> channel.check(badSection()))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void wantsExactlyOneUrl() {
        assertThatThrownBy(() -> channel.check(ConfigNode.of(Map.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("url_file");
    }

    @Test
    void refusesUnknownKeysWithASuggestion() {
        assertThatThrownBy(() -> channel.check(ConfigNode.of(Map.of("url", url(), "max_alert", "1"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("did you mean max_alerts");
    }

    @Test
    void givesUpOnASectionThatIsNotValid() {
        assertThatThrownBy(() -> channel.send(notification("a", firing("A")), badSection()))
                .isInstanceOf(RejectedException.class);
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = WebhookChannelTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
