package org.narthex.discovery.registry.zookeeper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;

/**
 * The nodes below some paths, each a group if it holds a member. The first question reads them all; each later one waits until the server tells of a
 * change, and reads them again.
 */
final class ZooKeeperTree implements RefreshingProvider.Source {
    private static final int PORT = 2181;
    private static final long TIMEOUT_MS = 10_000;
    /** The least time between two readings of a tree that changes a lot. */
    private static final long PAUSE_MS = 200;
    /** The longest time between two attempts while no server can be reached. */
    private static final long RETRY_MS = 10_000;

    /** Makes a target of what a node holds; none if it is no member. */
    @FunctionalInterface
    interface Member {
        Optional<Labels> of(String path, Json member);
    }

    private final List<String> servers;
    private final List<String> paths;
    private final int timeoutMs;
    private final Member member;
    private int next;
    private ZooKeeperConnection connection;

    private ZooKeeperTree(List<String> servers, List<String> paths, int timeoutMs, Member member) {
        this.servers = servers;
        this.paths = paths;
        this.timeoutMs = timeoutMs;
        this.member = member;
    }

    static ZooKeeperTree of(String type, ConfigNode section, Member member) throws ConfigException {
        section.onlyKeys("servers", "paths", "timeout");
        if (section.strings("servers").isEmpty()) {
            throw section.error(type + " SD config must contain at least one Zookeeper server");
        }
        if (section.strings("paths").isEmpty()) {
            throw section.error(type + " SD config must contain at least one path");
        }
        for (ConfigNode path : section.list("paths")) {
            if (!path.text().startsWith("/")) {
                throw path.error(type + " SD config paths must begin with '/': " + path.text());
            }
        }
        long timeout = section.durationMs("timeout", TIMEOUT_MS);
        return new ZooKeeperTree(
                section.strings("servers"),
                section.strings("paths"),
                (int) Math.min(Math.max(timeout, 100), Integer.MAX_VALUE),
                member);
    }

    @Override
    public long refreshMs() {
        return connection == null ? RETRY_MS : PAUSE_MS;
    }

    @Override
    public List<TargetGroup> fetch() throws IOException {
        String server = servers.get(next % servers.size());
        try {
            if (connection == null) {
                connection = new ZooKeeperConnection(address(server), timeoutMs);
            } else {
                connection.awaitChange();
            }
            Map<String, TargetGroup> groups = new LinkedHashMap<>();
            for (String path : paths) {
                read(path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path, groups);
            }
            return new ArrayList<>(groups.values());
        } catch (IOException | RuntimeException e) {
            close();
            next++;
            throw new IOException("zookeeper " + server + ": " + reason(e), e);
        }
    }

    private static String reason(Exception failure) {
        if (failure instanceof UnresolvedAddressException || failure instanceof UnknownHostException) {
            return "unknown host";
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static InetSocketAddress address(String server) {
        int colon = server.lastIndexOf(':');
        boolean withPort = colon > 0 && server.substring(colon + 1).matches("[0-9]{1,5}");
        return withPort
                ? new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)))
                : new InetSocketAddress(server, PORT);
    }

    private void read(String path, Map<String, TargetGroup> into) throws IOException {
        Optional<byte[]> data = connection.data(path);
        if (data.isEmpty()) {
            return;
        }
        target(path, data.get())
                .ifPresent(target -> into.put(path, new TargetGroup(path, List.of(target), Labels.EMPTY)));
        for (String child : connection.children(path)) {
            read(path.equals("/") ? "/" + child : path + "/" + child, into);
        }
    }

    private Optional<Labels> target(String path, byte[] data) {
        try {
            Json json = Json.parse(data);
            return json.isMap() ? member.of(path, json) : Optional.empty();
        } catch (IOException e) {
            // A node of another kind, such as the folder that members are in.
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (IOException e) {
            // It is of no more use either way.
        }
        connection = null;
    }
}
