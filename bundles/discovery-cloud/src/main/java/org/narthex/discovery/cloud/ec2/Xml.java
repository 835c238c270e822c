package org.narthex.discovery.cloud.ec2;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** An element of an answer, read leniently: what is absent is empty. */
record Xml(Optional<Element> element) {
    static Xml parse(byte[] bytes) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return new Xml(
                    Optional.of(builder.parse(new ByteArrayInputStream(bytes)).getDocumentElement()));
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("the answer is no valid XML: " + e.getMessage(), e);
        }
    }

    private List<Xml> children(String name) {
        List<Xml> children = new ArrayList<>();
        if (element.isPresent()) {
            for (Node node = element.get().getFirstChild(); node != null; node = node.getNextSibling()) {
                if (node instanceof Element child && child.getTagName().equals(name)) {
                    children.add(new Xml(Optional.of(child)));
                }
            }
        }
        return children;
    }

    /** The element at the end of a path. */
    Xml get(String... path) {
        Xml at = this;
        for (String name : path) {
            at = at.children(name).stream().findFirst().orElse(new Xml(Optional.empty()));
        }
        return at;
    }

    /** The {@code item} elements of the list under a name. */
    List<Xml> items(String list) {
        return get(list).children("item");
    }

    String text(String... path) {
        return get(path).element.map(found -> found.getTextContent().strip()).orElse("");
    }
}
