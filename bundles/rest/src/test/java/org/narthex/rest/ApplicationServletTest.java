package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.Set;

import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;

import org.glassfish.jersey.server.ResourceConfig;
import org.junit.jupiter.api.Test;

class ApplicationServletTest {
    /** The smallest resource. */
    @Path("/hello")
    public static final class Hello {
        @GET
        public String hello() {
            return "hello";
        }
    }

    private final ServletContext context = proxy(ServletContext.class, null);
    private final ServletConfig servletConfig = proxy(ServletConfig.class, context);

    /** Answers every question with nothing, but for the servlet context. */
    private static <T> T proxy(Class<T> type, ServletContext context) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, called, args) -> called.getName().equals("getServletContext") ? context : nothing(called)));
    }

    private static Object nothing(Method called) {
        Class<?> type = called.getReturnType();
        if (type == Enumeration.class) {
            return Collections.emptyEnumeration();
        }
        if (type == Map.class) {
            return Map.of();
        }
        if (type == boolean.class) {
            return false;
        }
        return type == int.class ? 0 : null;
    }

    private static ResourceConfig config() {
        return ResourceConfig.forApplication(new Application() {
            @Override
            public Set<Class<?>> getClasses() {
                return Set.of(Hello.class);
            }
        });
    }

    @Test
    void buildsAtOnceWhenToldTo() throws Exception {
        ApplicationServlet servlet = new ApplicationServlet(config(), true);
        servlet.init(servletConfig);
        assertNotNull(servlet.getApplicationHandler());
    }

    @Test
    void leavesAnApplicationUnbuiltThatNobodyAskedFor() throws Exception {
        ApplicationServlet servlet = new ApplicationServlet(config(), false);
        servlet.init(servletConfig);
        ResourceConfig next = config();
        servlet.reload(next);
        assertNull(servlet.getApplicationHandler());
        assertSame(next, servlet.getConfiguration());
    }

    @Test
    void replacesTheRunningApplicationOnReload() throws Exception {
        ApplicationServlet servlet = new ApplicationServlet(config(), true);
        servlet.init(servletConfig);
        Object before = servlet.getApplicationHandler();
        servlet.reload(config());
        assertNotNull(servlet.getApplicationHandler());
        assertNotSame(before, servlet.getApplicationHandler());
    }

    @Test
    void beginsAgainAfterAnEnd() throws Exception {
        ApplicationServlet servlet = new ApplicationServlet(config(), true);
        servlet.init(servletConfig);
        servlet.destroy();
        assertNull(servlet.getApplicationHandler());
        servlet.init(servletConfig);
        assertNotNull(servlet.getApplicationHandler());
    }

    @Test
    void saysUnavailableAfterItsEnd() throws Exception {
        ApplicationServlet servlet = new ApplicationServlet(config(), true);
        servlet.init(servletConfig);
        servlet.destroy();
        assertEquals(503, FakeHttp.call(servlet, "GET", "/hello").status);
    }
}
