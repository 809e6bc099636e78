import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * First steps of a client of the simulated enterprise qualification module, in Java 11 or later: one test, from a world of its own to
 * its end. No dependency; nothing to compile first:
 *
 * <pre>BASE=http://127.0.0.1:8000 java FirstSteps.java</pre>
 *
 * A simulator that listens beyond loopback, in a container say, wants its control token too: SIM_CONTROL_TOKEN. Ends with 0, or with
 * 1 at the first expectation that does not hold. /api/v1 is the simulator's own: no public interface of the portal is known.
 *
 * ASCII only, so that it runs under any encoding: before Java 18 a source file is read in the platform's own.
 */
public class FirstSteps {
    static final String BASE = System.getenv().getOrDefault("BASE", "http://127.0.0.1:8000");
    static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) throws Exception {
        // Two planes: /control/v1 is the test's (worlds, clock, scenarios, faults); /api/v1 is the portal's, and knows nothing of tests.
        Plane control = new Plane("/control/v1/sandboxes", System.getenv().getOrDefault("SIM_CONTROL_TOKEN", ""));

        // A world: enterprises, accounts, a customs house, and a clock frozen at 2021-12-01 09:00.
        String made = control.post("", "{\"name\": \"first steps in Java\"}").body();
        String sandbox = "/" + first(made, "id");
        try {
            // cardless: the enterprise that is not registered yet.
            String cardless = made.substring(made.indexOf("\"role\":\"cardless\""));
            steps(control, sandbox, new Plane("/api/v1", first(cardless, "token")));
        } finally {
            expect("the world is gone", 204, control.call("DELETE", sandbox, null).statusCode());
        }
    }

    static void steps(Plane control, String sandbox, Plane portal) throws Exception {
        // Draft the reference registration. Under its key it is drafted once, however often this is sent.
        String registration = new Plane("/first-steps", "").get("/reference-registration.json").body();
        HttpResponse<String> drafted = portal.post("/filings", registration, "Idempotency-Key", "first-steps-1");
        expect("drafted", 201, drafted.statusCode());
        String filing = "/filings/" + first(drafted.body(), "id");

        // A documented refusal: problem+json with a stable code, the FAQ number and the document's words.
        HttpResponse<String> refused = portal.call("PATCH", filing, "{\"content\": {\"express_operator\": true}}");
        expect("refused", 422, refused.statusCode());
        expect("as", "application/problem+json", refused.headers().firstValue("Content-Type").orElse(""));
        expect("its code", "express_not_allowed", first(refused.body(), "code"));
        expect("its FAQ number", "2.19", first(refused.body(), "faq"));
        OUT.println("    " + first(refused.body(), "detail"));

        // Declare, and let a day pass: each reply of the platform and of customs comes at its own moment.
        HttpResponse<String> declared = portal.post(filing + "/declare", null, "Idempotency-Key", "first-steps-2");
        expect("declared", "declared", first(declared.body(), "status"));
        control.post(sandbox + "/clock/advance", "{\"by\": \"P1D\"}");
        expect("a day later", "approved", first(portal.get(filing).body(), "status"));
        expect("timeline", List.of("draft", "declared", "sent", "stored", "manual_review", "approved"),
            all(portal.get(filing + "/timeline").body(), "to"));
        expect("receipts", List.of("sent", "stored", "manual_review", "approved"),
            all(portal.get(filing + "/receipts").body(), "status"));

        // The same from the beginning (tokens stay valid), but customs refuses. A registration's reason is told by customs only (2.6).
        control.post(sandbox + "/reset", null);
        control.call("PUT", sandbox + "/scenario", "{\"scenario\": \"reject; reason=address_mismatch\"}");
        String refusedFiling = "/filings/" + first(portal.post("/filings", registration).body(), "id");
        portal.post(refusedFiling + "/declare", null);
        control.post(sandbox + "/clock/advance", "{\"until\": \"idle\"}");
        expect("customs refuses", "rejected", first(portal.get(refusedFiling).body(), "status"));
        expect("no reason in the receipts", List.of(), all(portal.get(refusedFiling + "/receipts").body(), "reason"));

        // The way on is a copy. The line breaks after it was made, before the answer: send it again with the same key.
        control.post(sandbox + "/faults",
            "{\"fault\": \"cut_after_commit\", \"match\": {\"method\": \"POST\", \"path\": \"/api/v1/filings/*/copy\"}, \"times\": 1}");
        HttpResponse<String> copied;
        try {
            copied = portal.post(refusedFiling + "/copy", null, "Idempotency-Key", "first-steps-3");
        } catch (IOException broken) {
            copied = portal.post(refusedFiling + "/copy", null, "Idempotency-Key", "first-steps-3");
        }
        expect("answered from the store", "true", copied.headers().firstValue("Idempotency-Replayed").orElse("false"));
        expect("filings: it and one copy", 2, all(portal.get("/filings").body(), "number").size());

        // The journal: what this client really sent.
        String verified = control.post(sandbox + "/journal/verify",
            "{\"match\": {\"method\": \"POST\", \"path\": \"/api/v1/filings/*/copy\", \"status\": 201}, \"count\": {\"exactly\": 2}}").body();
        expect("sent twice, done once", true, verified.startsWith("{\"ok\":true"));
    }

    /** One plane of the simulator, as the holder of a token. */
    static class Plane {
        final String root;
        final String token;

        Plane(String root, String token) {
            this.root = root;
            this.token = token;
        }

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            return call("GET", path, null);
        }

        HttpResponse<String> post(String path, String json, String... headers) throws IOException, InterruptedException {
            return call("POST", path, json, headers);
        }

        HttpResponse<String> call(String method, String path, String json, String... headers)
                throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(BASE + root + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return HTTP.send(request.build(), BodyHandlers.ofString());
        }
    }

    /** The text members of that name, in order. Java has no JSON reader of its own; this is enough for these answers, and no more. */
    static List<String> all(String json, String name) {
        return Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json).results().map(m -> m.group(1)).collect(Collectors.toList());
    }

    static String first(String json, String name) {
        return all(json, name).stream().findFirst().orElse("(no " + name + " in " + json + ")");
    }

    static void expect(String what, Object wanted, Object found) {
        if (!wanted.equals(found)) {
            throw new AssertionError(what + ": expected " + wanted + ", got " + found);
        }
        OUT.println("ok  " + what + ": " + found);
    }
}
