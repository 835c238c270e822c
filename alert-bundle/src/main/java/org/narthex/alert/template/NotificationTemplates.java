package org.narthex.alert.template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.narthex.api.alert.Notification;
import org.narthex.api.model.Labels;

/** The templates that notifications are written with: those of files, which texts of receivers may call. Immutable, thread-safe. */
public final class NotificationTemplates {
    private static final int MAX_ROUTE_LABEL_DEPTH = 64;

    private final GoTemplate set;
    private final InstantSource clock;

    private NotificationTemplates(GoTemplate set, InstantSource clock) {
        this.set = set;
        this.clock = clock;
    }

    /** Without any; {@code clock} gives {@code now} and {@code since} their time. */
    public static NotificationTemplates none(InstantSource clock) {
        try {
            return new NotificationTemplates(GoTemplate.parse("", "", NotificationFunctions.names()), clock);
        } catch (TemplateException e) {
            throw new IllegalStateException("an empty template is one", e);
        }
    }

    /** Those that receivers use unless told otherwise. */
    public static NotificationTemplates standard(InstantSource clock) {
        try {
            return none(clock)
                    .with("default.tmpl", resource("default.tmpl"))
                    .with("email.tmpl", resource("email.tmpl"));
        } catch (TemplateException e) {
            throw new IllegalStateException("a template of ours is wrong", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = NotificationTemplates.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * These and those that a file defines, which take precedence.
     *
     * @param name the file's, by which its text can be called too
     * @throws TemplateException saying what is wrong and on which line
     */
    public NotificationTemplates with(String name, String text) throws TemplateException {
        return new NotificationTemplates(set.with(name, text, NotificationFunctions.names()), clock);
    }

    /** Checks a text of a receiver. */
    public void check(String text) throws TemplateException {
        set.with("", text, NotificationFunctions.names());
    }

    /**
     * @param text a template
     * @param reason why it is sent now
     * @param routeLabels of the route, templates already executed
     */
    public String text(String text, Notification notification, String reason, Labels routeLabels)
            throws TemplateException {
        return text.contains("{{") ? execute(text, NotificationData.of(notification, reason, routeLabels), true) : text;
    }

    /** The same for HTML: what actions print is escaped. */
    public String html(String text, Notification notification, String reason, Labels routeLabels)
            throws TemplateException {
        NotificationData data = NotificationData.of(notification, reason, routeLabels);
        return set.with("", text, NotificationFunctions.names())
                .executeHtml(data, functions(data, true, new ArrayList<>()), Evaluation.MissingKey.ZERO);
    }

    /** The labels of a route, which may be templates and name each other, for a notification. */
    public Labels routeLabels(Labels templates, Notification notification, String reason) throws TemplateException {
        Labels.Builder labels = Labels.builder();
        NotificationData data = NotificationData.of(notification, reason, templates);
        for (int i = 0; i < templates.size(); i++) {
            String text = routeLabel(templates.name(i), data, new ArrayList<>());
            labels.set(templates.name(i), text);
        }
        return labels.build();
    }

    String execute(String text, NotificationData data, boolean rendered) throws TemplateException {
        return execute(text, data, functions(data, rendered, new ArrayList<>()));
    }

    private String execute(String text, Object data, Map<String, Function> functions) throws TemplateException {
        return set.with("", text, NotificationFunctions.names()).execute(data, functions, Evaluation.MissingKey.ZERO);
    }

    /** For data that is no notification. */
    String execute(String text, Object data) throws TemplateException {
        return execute(text, data, GoTemplate.withBuiltins(NotificationFunctions.bind(clock, name -> "")));
    }

    String executeHtml(String text, Object data) throws TemplateException {
        return set.with("", text, NotificationFunctions.names())
                .executeHtml(
                        data,
                        GoTemplate.withBuiltins(NotificationFunctions.bind(clock, name -> "")),
                        Evaluation.MissingKey.ZERO);
    }

    private Map<String, Function> functions(NotificationData data, boolean rendered, List<String> path) {
        return GoTemplate.withBuiltins(NotificationFunctions.bind(
                clock, name -> rendered ? data.routeLabels().get(name) : routeLabel(name, data, path)));
    }

    private String routeLabel(String name, NotificationData data, List<String> path) throws TemplateException {
        if (path.contains(name) || path.size() > MAX_ROUTE_LABEL_DEPTH) {
            throw new TemplateException("route label " + GoFormat.quote(name) + " refers to itself");
        }
        List<String> deeper = new ArrayList<>(path);
        deeper.add(name);
        return execute(data.routeLabels().get(name), data, functions(data, false, deeper));
    }
}
