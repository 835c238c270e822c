package org.narthex.alert.dispatch;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.alert.template.NotificationTemplates;
import org.narthex.alert.template.TemplateException;
import org.narthex.api.alert.Notification;
import org.narthex.api.config.AlertingConfig.Section;
import org.narthex.api.config.AlertingConfig.TemplateFile;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;

/** Executes the templates in sections of receivers, so that channels get texts. Immutable, thread-safe. */
final class SectionTemplates {
    /** Parts that are for the connection, in which braces are braces. */
    private static final Set<String> LITERAL =
            Set.of("http_config", "tls_config", "sigv4", "auth_password", "auth_secret");

    private final NotificationTemplates templates;

    private SectionTemplates(NotificationTemplates templates) {
        this.templates = templates;
    }

    /** @throws ConfigException naming the file and what is wrong in it */
    static SectionTemplates of(List<TemplateFile> files, InstantSource clock) throws ConfigException {
        NotificationTemplates templates = NotificationTemplates.standard(clock);
        for (TemplateFile file : files) {
            String name = file.name().substring(file.name().lastIndexOf('/') + 1);
            try {
                templates = templates.with(name, file.text());
            } catch (TemplateException e) {
                throw new ConfigException(file.name(), 0, e.getMessage());
            }
        }
        return new SectionTemplates(templates);
    }

    /** @throws TemplateException if one of them cannot be executed */
    Labels routeLabels(Labels labels, Notification notification) throws TemplateException {
        return labels.isEmpty() ? labels : templates.routeLabels(labels, notification, notification.reason());
    }

    /** @throws TemplateException saying which text cannot be executed, and why */
    ConfigNode execute(Section section, Notification notification) throws TemplateException {
        try {
            return execute(section.node(), notification, htmlKey(section));
        } catch (ConfigException e) {
            throw new IllegalStateException("a section that was checked is not what it was", e);
        }
    }

    /** The key whose text is HTML, so that what is put into it is escaped; empty for none. */
    private static String htmlKey(Section section) throws ConfigException {
        boolean telegram = section.type().equals("telegram")
                && section.node().string("parse_mode", "").equals("HTML");
        return section.type().equals("email") ? "html" : telegram ? "message" : "";
    }

    private ConfigNode execute(ConfigNode node, Notification notification, String htmlKey)
            throws TemplateException, ConfigException {
        if (node.isMapping()) {
            Map<String, ConfigNode> entries = new LinkedHashMap<>();
            for (Map.Entry<String, ConfigNode> entry : node.entries().entrySet()) {
                ConfigNode value = entry.getValue();
                boolean literal = LITERAL.contains(entry.getKey())
                        || entry.getKey().endsWith("_file")
                        || !value.content().contains("{{");
                boolean html = entry.getKey().equals(htmlKey) && value.isScalar();
                entries.put(
                        entry.getKey(),
                        literal ? value : html ? html(value, notification) : execute(value, notification, htmlKey));
            }
            return ConfigNode.mapping(node.file(), node.line(), node.path(), entries);
        }
        if (node.isSequence()) {
            List<ConfigNode> items = new ArrayList<>();
            for (ConfigNode item : node.items()) {
                items.add(execute(item, notification, htmlKey));
            }
            return ConfigNode.sequence(node.file(), node.line(), node.path(), items);
        }
        try {
            String text = templates.text(node.text(), notification, notification.reason(), notification.routeLabels());
            return ConfigNode.scalar(node.file(), node.line(), node.path(), text);
        } catch (TemplateException e) {
            throw e.in(node.path());
        }
    }

    private ConfigNode html(ConfigNode node, Notification notification) throws TemplateException, ConfigException {
        String text = templates.html(node.text(), notification, notification.reason(), notification.routeLabels());
        return ConfigNode.scalar(node.file(), node.line(), node.path(), text);
    }
}
