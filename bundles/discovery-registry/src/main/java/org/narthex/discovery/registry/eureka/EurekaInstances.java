package org.narthex.discovery.registry.eureka;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.model.Labels;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** Reads the list of applications with their instances. */
final class EurekaInstances {
    private EurekaInstances() {}

    static List<Labels> read(byte[] xml) throws IOException {
        List<Labels> targets = new ArrayList<>();
        for (Element application : children(root(xml), "application")) {
            for (Element instance : children(application, "instance")) {
                targets.add(target(text(application, "name"), instance));
            }
        }
        return targets;
    }

    private static Element root(byte[] xml) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            // No entities from files or other hosts.
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new ByteArrayInputStream(xml)).getDocumentElement();
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("the list of applications is not valid: " + e.getMessage(), e);
        }
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element
                    && (name.isEmpty() || element.getTagName().equals(name))) {
                children.add(element);
            }
        }
        return children;
    }

    private static Optional<Element> child(Element parent, String name) {
        return children(parent, name).stream().findFirst();
    }

    private static String text(Element parent, String name) {
        return child(parent, name)
                .map(element -> element.getTextContent().strip())
                .orElse("");
    }

    private static Labels target(String application, Element instance) {
        String host = text(instance, "hostName");
        String id = text(instance, "instanceId");
        String port = text(instance, "port");
        MetaLabels labels = MetaLabels.of("__meta_eureka_")
                .set("app_name", application)
                .set("app_instance_id", id)
                .set("app_instance_hostname", host)
                .set("app_instance_homepage_url", text(instance, "homePageUrl"))
                .set("app_instance_statuspage_url", text(instance, "statusPageUrl"))
                .set("app_instance_healthcheck_url", text(instance, "healthCheckUrl"))
                .set("app_instance_ip_addr", text(instance, "ipAddr"))
                .set("app_instance_vip_address", text(instance, "vipAddress"))
                .set("app_instance_secure_vip_address", text(instance, "secureVipAddress"))
                .set("app_instance_status", text(instance, "status"))
                .set("app_instance_country_id", text(instance, "countryId"))
                .setAll("app_instance_metadata_", texts(child(instance, "metadata")))
                .addAll(Labels.of("instance", id))
                .address(MetaLabels.hostAndPort(host, port.isEmpty() ? "80" : port));
        port(labels, instance, "port", "port");
        port(labels, instance, "securePort", "secure_port");
        child(instance, "dataCenterInfo").ifPresent(info -> {
            labels.set("app_instance_datacenterinfo_name", text(info, "name"));
            labels.setAll("app_instance_datacenterinfo_metadata_", texts(child(info, "metadata")));
        });
        return labels.build();
    }

    private static void port(MetaLabels labels, Element instance, String element, String name) {
        child(instance, element).ifPresent(port -> {
            labels.set("app_instance_" + name, port.getTextContent().strip());
            labels.set("app_instance_" + name + "_enabled", port.getAttribute("enabled"));
        });
    }

    private static Map<String, String> texts(Optional<Element> map) {
        Map<String, String> texts = new LinkedHashMap<>();
        map.ifPresent(given -> children(given, "")
                .forEach(entry ->
                        texts.put(entry.getTagName(), entry.getTextContent().strip())));
        return texts;
    }
}
