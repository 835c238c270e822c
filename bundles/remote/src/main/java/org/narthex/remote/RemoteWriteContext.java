package org.narthex.remote;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContext;

/** A servlet context of its own: of those that fit a path the longest is asked first, and {@code /api/v1} is the API's. */
@Component(service = ServletContextHelper.class)
@HttpWhiteboardContext(name = RemoteWriteContext.NAME, path = RemoteWriteContext.PATH)
public final class RemoteWriteContext extends ServletContextHelper {
    static final String NAME = "remote-write";
    static final String PATH = "/api/v1/write";
    static final String SELECT = "(osgi.http.whiteboard.context.name=" + NAME + ")";
}
