package org.narthex.channel.http;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig.AwsSigning;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Publishes a message by Amazon SNS. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=sns")
public final class SnsChannel extends ForgetfulChannel {
    private static final int MAX_SUBJECT = 100;
    private static final int MAX_SMS_BYTES = 1600;
    private static final int MAX_MESSAGE_BYTES = 256 * 1024;

    private final Function<String, String> environment;

    @Activate
    public SnsChannel(@Reference(name = "clients") HttpClients clients) {
        this(clients, System::getenv);
    }

    /** @param environment gives variables by name, null for absent ones */
    SnsChannel(HttpClients clients, Function<String, String> environment) {
        super(clients);
        this.environment = environment;
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        ConfigNode sigv4 = settings.node().given("sigv4").orElseGet(() -> ConfigNode.of(Map.of()));
        AwsSigning signing = HttpClientKeys.sigv4(sigv4, "sns");
        URI url = settings.text("api_url").isEmpty()
                ? URI.create("https://sns." + region(signing) + ".amazonaws.com/")
                : settings.url("api_url");
        Map<String, String> form = new LinkedHashMap<>();
        form.put("Action", "Publish");
        form.put("Version", "2010-03-31");
        String topic = settings.text("topic_arn");
        boolean sms = !settings.text("phone_number").isEmpty();
        form.put("TopicArn", topic);
        form.put("PhoneNumber", settings.text("phone_number"));
        form.put("TargetArn", settings.text("target_arn"));
        if (topic.endsWith(".fifo")) {
            form.put("MessageDeduplicationId", Text.hash(notification.groupKey()));
            form.put("MessageGroupId", Text.hash(notification.groupKey()));
        }
        String message = settings.text("message");
        String sent = Text.firstBytes(message, sms ? MAX_SMS_BYTES : MAX_MESSAGE_BYTES);
        form.put("Message", sent);
        form.put("Subject", Text.first(settings.text("subject").replace('\n', ' '), MAX_SUBJECT));
        Map<String, String> attributes = settings.node().stringMap("attributes");
        if (!sent.equals(message)) {
            attributes.put("truncated", "true");
        }
        int number = 0;
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            String entry = "MessageAttributes.entry." + ++number;
            form.put(entry + ".Name", attribute.getKey());
            form.put(entry + ".Value.DataType", "String");
            form.put(entry + ".Value.StringValue", attribute.getValue());
        }
        form.values().removeIf(String::isEmpty);
        call(settings.signed(signing), Call.form(url, form)).accepted();
    }

    private String region(AwsSigning signing) throws RejectedException {
        for (String region : Arrays.asList(
                signing.region(), environment.apply("AWS_REGION"), environment.apply("AWS_DEFAULT_REGION"))) {
            if (region != null && !region.isEmpty()) {
                return region;
            }
        }
        throw new RejectedException("region not configured in sigv4 or in default credentials chain");
    }
}
