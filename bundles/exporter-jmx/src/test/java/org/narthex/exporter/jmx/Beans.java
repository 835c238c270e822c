package org.narthex.exporter.jmx;

import java.util.Map;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/** A server of made-up beans. */
final class Beans {
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();

    MBeanServer server() {
        return server;
    }

    /** Attributes are name, value, name, value, …; a value that is an exception is thrown. */
    Beans add(String name, Object... attributes) throws JMException {
        Map<String, Object> values = new TreeMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            values.put((String) attributes[i], attributes[i + 1]);
        }
        server.registerMBean(new MadeUp(values), new ObjectName(name));
        return this;
    }

    /** A bean whose attributes are those of a map. */
    private record MadeUp(Map<String, Object> values) implements DynamicMBean {
        @Override
        public Object getAttribute(String attribute) {
            throw new UnsupportedOperationException("attributes are read all at once");
        }

        @Override
        public AttributeList getAttributes(String[] attributes) {
            AttributeList list = new AttributeList();
            for (String name : attributes) {
                if (!(values.get(name) instanceof Exception)) {
                    list.add(new Attribute(name, values.get(name)));
                }
            }
            return list;
        }

        @Override
        public MBeanInfo getMBeanInfo() {
            MBeanAttributeInfo[] infos = values.keySet().stream()
                    .map(name -> new MBeanAttributeInfo(name, "java.lang.Object", "About " + name, true, false, false))
                    .toArray(MBeanAttributeInfo[]::new);
            return new MBeanInfo(MadeUp.class.getName(), "made up", infos, null, null, null);
        }

        @Override
        public void setAttribute(Attribute attribute) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AttributeList setAttributes(AttributeList attributes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object invoke(String action, Object[] parameters, String[] signature) {
            throw new UnsupportedOperationException();
        }
    }
}
