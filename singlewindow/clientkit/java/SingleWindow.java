package swsim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A world of the simulated enterprise qualification module for each test: an extension of JUnit 5 in one file, for Java 11 or later.
 * It needs JUnit and the JDK, nothing else. Copy it into the tests of your project.
 *
 * <pre>
 * class RegistrationTest {
 *     &#64;RegisterExtension
 *     static final SingleWindow SIMULATOR = new SingleWindow();
 *
 *     &#64;Test
 *     void isApprovedWithinADay(World world, &#64;As("cardless") Account clerk) {
 *         Filing filing = clerk.file("registration", world.sample("registration"));
 *         filing.declare();
 *         filing.until("approved");
 *         world.verify("POST", "/filings/&#42;/declare").exactly(1);
 *     }
 * }
 * </pre>
 *
 * /api/v1 is the simulator's own: no public interface of the portal is known.
 *
 * ASCII only, so that it compiles under any encoding.
 */
public final class SingleWindow implements ParameterResolver, AfterEachCallback {
    /** How the world of a test, or of every test of a class, begins. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.TYPE})
    public @interface InWorld {
        String situation() default "";

        String scenario() default "";

        /** The moment at which its clock stands: "2021-12-01T09:00:00+08:00". */
        String clock() default "";

        long seed() default -1;
    }

    /** Who an account is, by role: cardless (not registered yet; also without this), card, agent, personal, category:CODE. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.PARAMETER)
    public @interface As {
        String value() default "cardless";

        /** Logged in by card. */
        boolean card() default false;
    }

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(SingleWindow.class);

    private final String url;
    private final Plane control;

    /** The simulator of SINGLE_WINDOW_URL (http://127.0.0.1:8000 unless set), with SIM_CONTROL_TOKEN where it wants one. */
    public SingleWindow() {
        this(environment("SINGLE_WINDOW_URL", "http://127.0.0.1:8000"), environment("SIM_CONTROL_TOKEN", ""));
    }

    public SingleWindow(String url, String controlToken) {
        this.url = url.replaceAll("/+$", "");
        this.control = new Plane(this.url + "/control/v1", controlToken);
    }

    private static String environment(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** A new world: enterprises, accounts, a customs house, and a clock frozen at 2021-12-01 09:00 unless told. */
    public World world(Json wanted) {
        return new World(this, control.post("/sandboxes", wanted).ok());
    }

    /** The control plane, for whatever has no name here. */
    public Plane control() {
        return control;
    }

    /** What POST /sessions wants of a card that logs in by challenge: base64 of ECDSA P-256/SHA-256 over the random text. */
    public static String signChallenge(String pem, String random) {
        try {
            byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)));
            signature.update(utf8(random));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException wrong) {
            throw new IllegalArgumentException("not the private key of a card", wrong);
        }
    }

    /**
     * Whether a webhook was signed with this secret just now (Standard Webhooks): HMAC-SHA256 over the headers webhook-id and
     * webhook-timestamp and the body as it came, joined by dots, as the header webhook-signature tells it.
     */
    public static boolean isSigned(String secret, String id, String timestamp, String signatures, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")), "HmacSHA256"));
            byte[] digest = mac.doFinal(utf8(id + "." + timestamp + "." + body));
            byte[] right = utf8("v1," + Base64.getEncoder().encodeToString(digest));
            boolean signed = Stream.of(signatures.split(" ")).anyMatch(one -> MessageDigest.isEqual(utf8(one), right));
            return signed && Math.abs(System.currentTimeMillis() / 1_000 - Long.parseLong(timestamp)) <= 300;
        } catch (GeneralSecurityException | NumberFormatException wrong) {
            return false;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // -- JUnit ------------------------------------------------------------------------------------------------------------------

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return test.getTestMethod().isPresent() && (type == World.class || type == Account.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        World world = test.getStore(OURS).getOrComputeIfAbsent("world", key -> world(wanted(test)), World.class);
        if (parameter.getParameter().getType() == World.class) {
            return world;
        }
        Optional<As> who = parameter.findAnnotation(As.class);
        return world.account(who.map(As::value).orElse("cardless"), who.map(As::card).orElse(false));
    }

    private static Json wanted(ExtensionContext test) {
        Json wanted = Json.object("name", oneLine(test.getDisplayName()));
        Optional<InWorld> found = AnnotationSupport.findAnnotation(test.getRequiredTestMethod(), InWorld.class)
            .or(() -> AnnotationSupport.findAnnotation(test.getRequiredTestClass(), InWorld.class));
        if (found.isPresent()) {
            InWorld told = found.get();
            wanted = told.situation().isEmpty() ? wanted : wanted.with("situation", told.situation());
            wanted = told.scenario().isEmpty() ? wanted : wanted.with("scenario", told.scenario());
            wanted = told.clock().isEmpty() ? wanted : wanted.with("clock", Json.object("mode", "frozen", "now", told.clock()));
            wanted = told.seed() < 0 ? wanted : wanted.with("seed", told.seed());
        }
        return wanted;
    }

    private static String oneLine(String name) {
        int[] begin = name.replaceAll("[\\p{C}\\p{Z}]+", " ").strip().codePoints().limit(100).toArray();
        return begin.length == 0 ? "test" : new String(begin, 0, begin.length);
    }

    /** A test that failed tells where everything stood; its world goes either way. */
    @Override
    public void afterEach(ExtensionContext test) {
        World world = test.getStore(OURS).remove("world", World.class);
        if (world != null) {
            try {
                if (test.getExecutionException().isPresent()) {
                    System.err.println(test.getDisplayName() + ": " + world.report());
                }
            } finally {
                world.delete();
            }
        }
    }

    // -- a world ----------------------------------------------------------------------------------------------------------------

    /** A sandbox: nobody else is in it. */
    public static final class World {
        private final SingleWindow simulator;
        private final Json opened;
        private final Plane control;

        World(SingleWindow simulator, Json opened) {
            this.simulator = simulator;
            this.opened = opened;
            this.control = new Plane(simulator.url + "/control/v1/sandboxes/" + id(), opened.text("control_key"));
        }

        public String id() {
            return opened.text("id");
        }

        /** What the control plane has of this world, for whatever has no name here: control().get("/ledgers/customs/" + uscc). */
        public Plane control() {
            return control;
        }

        public Account account(String role) {
            return account(role, false);
        }

        /** Somebody at the portal, by role. */
        public Account account(String role, boolean byCard) {
            for (Json one : opened.rows("accounts")) {
                if (one.text("role").equals(role)) {
                    if (byCard && !one.has("card_token")) {
                        throw new IllegalArgumentException(role + " holds no card");
                    }
                    return new Account(this, one, one.text(byCard ? "card_token" : "token"));
                }
            }
            throw new IllegalArgumentException("no account " + role + "; there are " + opened.column("accounts", "role"));
        }

        /** A sheet that declares cleanly: a registration for cardless; a change, deregistration, mofcom_change, annual_report for card. */
        public Json sample(String kind) {
            Json reference = new Plane(simulator.url, "").get("/first-steps/reference-registration.json").ok().at("content");
            Json moved = Json.object("address_cn", reference.text("address_cn").replace("1006", "1008"));
            switch (kind) {
                case "registration":
                    return reference;
                case "change":
                case "mofcom_change":
                    return moved;
                case "deregistration":
                    return Json.object("reason", "\u505c\u6b62\u7ecf\u8425");
                case "annual_report":
                    Json contact = reference.at("legal_representative");
                    return Json.object("contact_name", contact.at("name"), "contact_phone", contact.at("phone"), "traded", true,
                        "import_amount", "500.00", "export_amount", "500.00", "declaration_count", "120",
                        "processing_trade", false, "cross_border_types", List.of());
                default:
                    throw new IllegalArgumentException("no kind " + kind);
            }
        }

        /** The same with changes laid over it: objects member by member, null takes away. */
        public Json sample(String kind, Json changes) {
            return sample(kind).merged(changes);
        }

        /** Lets time pass: "PT1H", "P1D". What falls due happens, in order, before this returns: "fired", "deliveries". */
        public Json advance(String by) {
            return advance(Json.object("by", by));
        }

        /** Until "next_event" or "idle". */
        public Json advanceUntil(String what) {
            return advance(Json.object("until", what));
        }

        /** Lets time pass until a moment: "2021-12-02T09:00:00+08:00". */
        public Json at(String moment) {
            return advance(Json.object("to", moment));
        }

        private Json advance(Json wanted) {
            return control.post("/clock/advance", wanted).ok();
        }

        /** How the authority answers from now on: "reject; reason=address_mismatch". */
        public void scenario(String scenario) {
            control.put("/scenario", Json.object("scenario", scenario)).ok();
        }

        /** How it answers one filing. */
        public void scenario(String scenario, Filing filing) {
            control.put("/filings/" + filing.id() + "/scenario", Json.object("scenario", scenario)).ok();
        }

        /** How it answers so many of the next declarations. */
        public void scenario(String scenario, int times) {
            control.post("/scenario-queue", Json.object("scenario", scenario, "times", times)).ok();
        }

        /** A failure of transport or delivery, so many times: fault("status; code=503", "POST", "/filings/&#42;/declare", 1). */
        public Json fault(String fault, String method, String path, int times) {
            return fault(Json.object("fault", fault, "match", Json.object("method", method, "path", path), "times", times));
        }

        public Json fault(Json wanted) {
            return control.post("/faults", wanted).ok();
        }

        /** Puts the enterprise of card in the middle of a documented trouble: "not_synced". */
        public Json situation(String situation) {
            return control.post("/situation", Json.object("situation", situation)).ok();
        }

        /** Keeps the whole state under a name. */
        public void checkpoint(String name) {
            control.post("/checkpoints", Json.object("name", name)).ok();
        }

        /** Brings that state back, its clock too. */
        public void restore(String name) {
            control.post("/checkpoints/" + name + "/restore", null).ok();
        }

        /** How often the client under test sent that: verify("POST", "/filings/&#42;/declare").exactly(1). */
        public Verification verify(String method, String path) {
            return new Verification(this, Json.object("method", method, "path", path));
        }

        /** Brings what customs know to the single window at once. */
        public void sync() {
            control.post("/sync", Json.object()).ok();
        }

        /** What was sent to the portal and what was answered, the newest 500, newest first. */
        public List<Json> journal() {
            return control.get("/journal?limit=500").ok().rows("results");
        }

        /** Why a filing is where it is, and what would move it. */
        public Json explain(String filing) {
            return control.get("/filings/" + filing + "/explain").ok();
        }

        /** Walks a filing to a status, by every one between. */
        public void trigger(String filing, String to) {
            control.post("/filings/" + filing + "/actions/advance", Json.object("to", to)).ok();
        }

        /** Sends every change of status to a receiver; the answer tells the "secret" they are signed with. */
        public Json subscribe(String url) {
            return control.post("/webhooks", Json.object("url", url)).ok();
        }

        /** What was sent to receivers, newest first. */
        public List<Json> deliveries() {
            return control.get("/deliveries?limit=500").ok().rows("results");
        }

        /** An enterprise, account, card or filing made to measure. */
        public Json fixture(String what, Json wanted) {
            return control.post("/fixtures/" + what, wanted).ok();
        }

        /** As it was when new; the tokens stay good. */
        public void reset() {
            control.post("/reset", null).ok();
        }

        public void delete() {
            control.delete("").ok();
        }

        /** Where everything stands: each filing and why, and the last exchanges. */
        public String report() {
            StringBuilder told = new StringBuilder("world " + id() + " at " + control.get("/clock").ok().text("now"));
            for (Json filing : control.get("/filings").ok().rows("results")) {
                told.append("\nfiling ").append(filing.text("id")).append(" (").append(filing.text("kind")).append(") ");
                told.append(why(explain(filing.text("id"))));
            }
            told.append("\nlast exchanges:");
            List<Json> last = journal();
            for (int n = Math.min(10, last.size()) - 1; n >= 0; n--) {
                Json one = last.get(n);
                told.append("\n  ").append(one.text("method")).append(' ').append(one.text("path")).append(" -> ").append(one.text("status"));
                told.append(one.has("code") ? " " + one.text("code") : "").append(one.has("fault") ? " (fault " + one.text("fault") + ")" : "");
            }
            return told.toString();
        }
    }

    /** Where a filing is and what would move it, in a few words. */
    private static String why(Json told) {
        List<String> parts = new ArrayList<>(List.of("is " + told.text("status")));
        if (told.has("scenario")) {
            parts.add("answered by " + told.text("scenario/text") + " (" + told.text("scenario/source") + ")");
        }
        parts.add(told.has("next_event") ? "next " + told.text("next_event/verb") + " at " + told.text("next_event/at") : "nothing is due");
        told.rows("unblock").forEach(one -> parts.add(one.text("")));
        return String.join("; ", parts);
    }

    /** A question to the journal; it is put by exactly, atLeast or atMost, and fails the test with what comes near. */
    public static final class Verification {
        private final World world;
        private final Json match;

        Verification(World world, Json match) {
            this.world = world;
            this.match = match;
        }

        /** Only those that were answered so. */
        public Verification status(int status) {
            return new Verification(world, match.with("status", status));
        }

        public void exactly(int times) {
            put(Json.object("exactly", times));
        }

        public void atLeast(int times) {
            put(Json.object("at_least", times));
        }

        public void atMost(int times) {
            put(Json.object("at_most", times));
        }

        private void put(Json count) {
            Json answer = world.control.post("/journal/verify", Json.object("match", match, "count", count)).ok();
            if (!answer.is("ok")) {
                String near = answer.rows("near_misses").stream()
                    .map(one -> "\n  " + one.text("method") + " " + one.text("path") + " " + one.text("status") + ": " + one.text("differs"))
                    .collect(Collectors.joining());
                throw new AssertionError("found " + answer.text("found") + " of " + match + ", not " + count
                    + (near.isEmpty() ? "" : "\nnear misses:" + near));
            }
        }
    }

    // -- the portal -------------------------------------------------------------------------------------------------------------

    /** Somebody logged in at the portal. */
    public static final class Account extends Plane {
        private final World world;
        private final Json opened;

        Account(World world, Json opened, String token) {
            super(world.simulator.url + "/api/v1", token);
            this.world = world;
            this.opened = opened;
        }

        public String username() {
            return opened.text("username");
        }

        public String uscc() {
            return opened.text("uscc");
        }

        /** For the client under test: what it sends as Authorization: Bearer. */
        public String token() {
            return token;
        }

        /** Logs in anew, by password. */
        public Account login() {
            return loggedIn(Json.object("username", username(), "password", opened.text("password")));
        }

        /** Logs in anew, by card and PIN. */
        public Account loginByCard() {
            return loggedIn(Json.object("card_no", opened.text("card_no"), "pin", opened.text("pin")));
        }

        /** Logs in anew by card, signing a challenge with the private key of the virtual card. */
        public Account loginByChallenge() {
            String card = opened.text("card_no");
            String key = world.control.get("/cards/" + card + "/key").ok().text("private_key");
            Json challenge = Json.object("sandbox", world.id(), "card_no", card);
            String random = new Plane(world.simulator.url + "/api/v1", "").post("/sessions/challenge", challenge).ok().text("random");
            return loggedIn(Json.object("card_no", card, "random", random, "signature", signChallenge(key, random)));
        }

        private Account loggedIn(Json credentials) {
            Json session = new Plane(world.simulator.url + "/api/v1", "").post("/sessions", credentials.with("sandbox", world.id())).ok();
            return new Account(world, opened, session.text("token"));
        }

        /** A draft of a filing for oneself. */
        public Filing file(String kind, Json content) {
            return filed(Json.object("kind", kind, "filing_mode", "self", "content", content));
        }

        /** A draft of a filing for somebody else, by USCC. */
        public Filing fileFor(String principal, String kind, Json content) {
            return filed(Json.object("kind", kind, "filing_mode", "agent", "principal", principal, "content", content));
        }

        private Filing filed(Json body) {
            return new Filing(this, post("/filings", body).ok());
        }

        /** A filing there is. */
        public Filing filing(String id) {
            return new Filing(this, get("/filings/" + id).ok());
        }
    }

    /** A filing as its applicant has it, as it was last read. */
    public static final class Filing {
        private final Account account;
        private final String path;
        private Json data;

        Filing(Account account, Json data) {
            this.account = account;
            this.data = data;
            this.path = "/filings/" + id();
        }

        public String id() {
            return data.text("id");
        }

        public String number() {
            return data.text("number");
        }

        public String status() {
            return data.text("status");
        }

        public String stage() {
            return data.text("stage");
        }

        public Json content() {
            return data.at("content");
        }

        /** All of it. */
        public Json data() {
            return data;
        }

        public Filing reload() {
            data = account.get(path).ok();
            return this;
        }

        /** Lays changes over a draft. */
        public Filing save(Json content) {
            data = account.patch(path, Json.object("content", content)).ok();
            return this;
        }

        public Filing declare() {
            data = account.post(path + "/declare", null).ok();
            return this;
        }

        /** A new draft like it: the way on after a refusal. */
        public Filing copy() {
            return new Filing(account, account.post(path + "/copy", null).ok());
        }

        public void delete() {
            account.delete(path).ok();
        }

        /** Attaches a file, pdf, jpg or png, 10 MB at most; type: record_form, licence or other. */
        public Json attach(String filename, byte[] content, String type) {
            String boundary = UUID.randomUUID().toString();
            String part = "--" + boundary + "\r\nContent-Disposition: form-data; name=";
            String head = part + "\"type\"\r\n\r\n" + type + "\r\n" + part + "\"file\"; filename=\"" + filename + "\"\r\n\r\n";
            List<byte[]> body = List.of(utf8(head), content, utf8("\r\n--" + boundary + "--\r\n"));
            String mediaType = "multipart/form-data; boundary=" + boundary;
            return account.send("POST", path + "/attachments", BodyPublishers.ofByteArrays(body), mediaType).ok();
        }

        /** Its statuses, in order. */
        public List<String> timeline() {
            return account.get(path + "/timeline").ok().column("results", "to");
        }

        /** Oldest first. */
        public List<Json> receipts() {
            return account.get(path + "/receipts").ok().rows("results");
        }

        /**
         * Lets the world's clock pass, from one moment at which something is due to the next, until this filing is in that status, or at that
         * stage. Never sleeps. Fails where it came to another end, or nothing is due any more, and says why.
         */
        public Filing until(String status) {
            while (!reload().status().equals(status) && !stage().equals(status)) {
                if (stage().equals("decided") || account.world.advanceUntil("next_event").rows("fired").isEmpty()) {
                    throw new AssertionError("filing " + id() + " does not come to " + status + ": " + why(account.world.explain(id())));
                }
            }
            return this;
        }
    }

    // -- HTTP -------------------------------------------------------------------------------------------------------------------

    /**
     * One plane of the simulator, as the holder of a token. It sends again after a cut connection, after 502, 503 and 504, and after a
     * 429 that says when: what reads, what replaces, and every POST, which carries one Idempotency-Key over all its tries, so that it
     * has its effect once. A refusal by a documented rule, a wait on the sandbox's clock and one of more than half a minute are answers.
     */
    public static class Plane {
        private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();
        private static final int TRIES = 4;

        private final String root;
        final String token;

        Plane(String root, String token) {
            this.root = root;
            this.token = token;
        }

        public Answer get(String path) {
            return send("GET", path, null);
        }

        /** Body null: none. Headers: name, value, name, value. */
        public Answer post(String path, Json body, String... headers) {
            return send("POST", path, body, headers);
        }

        public Answer put(String path, Json body) {
            return send("PUT", path, body);
        }

        public Answer patch(String path, Json body) {
            return send("PATCH", path, body);
        }

        public Answer delete(String path) {
            return send("DELETE", path, null);
        }

        public Answer send(String method, String path, Json body, String... headers) {
            BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
            return send(method, path, publisher, body == null ? "" : "application/json", headers);
        }

        Answer send(String method, String path, BodyPublisher body, String mediaType, String... headers) {
            HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(root + path)).timeout(Duration.ofSeconds(10)).method(method, body);
            if (!mediaType.isEmpty()) {
                builder.setHeader("Content-Type", mediaType);
            }
            if (!token.isEmpty()) {
                builder.setHeader("Authorization", "Bearer " + token);
            }
            if (method.equals("POST") && !path.startsWith("/sessions")) {
                builder.setHeader("Idempotency-Key", UUID.randomUUID().toString());
            }
            for (int n = 0; n < headers.length; n += 2) {
                builder.setHeader(headers[n], headers[n + 1]);
            }
            HttpRequest request = builder.build();
            int tries = Set.of("GET", "PUT", "POST").contains(method) ? TRIES : 1;
            for (int n = 1; ; n++) {
                long pause = 50L << n;
                try {
                    HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
                    Answer answer = new Answer(response);
                    long asked = answer.askedAgainAfter();
                    if (asked < 0 || n == tries) {
                        return answer;
                    }
                    pause = Math.max(asked, pause);
                } catch (IOException broken) {
                    if (n == tries || broken instanceof HttpTimeoutException) {
                        throw new UncheckedIOException("no answer to " + method + " " + root + path, broken);
                    }
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(stopped);
                }
                LockSupport.parkNanos(pause * 1_000_000);
            }
        }
    }

    /** What came back: a refusal is an answer too. */
    public static final class Answer {
        private final HttpResponse<String> response;

        private static final Set<Integer> FOR_A_WHILE = Set.of(502, 503, 504);
        private static final Set<String> UNDER_WAY = Set.of("idempotency_in_flight", "clock_advancing");
        private static final long LONGEST = 30_000;

        Answer(HttpResponse<String> response) {
            this.response = response;
        }

        /** Milliseconds after which an answer may be another one; negative: this is the answer. */
        private long askedAgainAfter() {
            if (status() < 400 || problem().has("faq") || problem().has("retry_at")) {
                return -1;
            }
            boolean waits = FOR_A_WHILE.contains(status())
                || status() == 429 && !header("Retry-After").isEmpty()
                || status() == 409 && UNDER_WAY.contains(problem().text("code"));
            long asked = response.headers().firstValueAsLong("Retry-After").orElse(0) * 1_000;
            return waits && asked <= LONGEST ? asked : -1;
        }

        /** The refusal; empty where the answer is none of the simulator's. */
        private Json problem() {
            return header("Content-Type").startsWith("application/problem+json") ? json() : Json.object();
        }

        public int status() {
            return response.statusCode();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public String body() {
            return response.body();
        }

        public Json json() {
            return response.body().isEmpty() ? Json.object() : Json.read(response.body());
        }

        /** What was answered; a refusal is thrown as a Problem. */
        public Json ok() {
            if (status() >= 400) {
                throw new Problem(this);
            }
            return json();
        }
    }

    /** A refusal, as the simulator tells it (RFC 9457), or an answer that was none of its own. */
    @SuppressWarnings("serial")
    public static final class Problem extends RuntimeException {
        private final int status;
        private final transient Json raw;

        Problem(Answer answer) {
            super(said(answer));
            this.status = answer.status();
            this.raw = answer.problem();
        }

        private static String said(Answer answer) {
            Json told = answer.problem();
            if (!told.has("code")) {
                return answer.status() + " " + answer.body();
            }
            String errors = told.rows("errors").stream()
                .map(one -> "\n  " + one.text("pointer") + " " + one.text("code") + ": " + one.text("detail"))
                .collect(Collectors.joining());
            return answer.status() + " " + told.text("code") + ": " + told.text("detail") + errors + "\n" + told.text("remedy");
        }

        public int status() {
            return status;
        }

        /** Stable, to be compared; empty where the answer was not the simulator's. */
        public String code() {
            return raw.text("code");
        }

        /** The words of the document, where it has some. */
        public String detail() {
            return raw.text("detail");
        }

        /** The entry of the FAQ it rests on, "2.10"; empty if none. */
        public String faq() {
            return raw.text("faq");
        }

        /** What to do. */
        public String remedy() {
            return raw.text("remedy");
        }

        /** Every field that is wrong, at once: pointer, code, detail, faq. */
        public List<Json> errors() {
            return raw.rows("errors");
        }

        /** The answer as it came. */
        public Json raw() {
            return raw;
        }
    }

    // -- JSON -------------------------------------------------------------------------------------------------------------------

    /** A value of JSON, which does not change. Paths are member names and row numbers: "investors/0/amount"; what is not there is empty. */
    public static final class Json {
        private final Object value;

        private Json(Object value) {
            this.value = value;
        }

        /** An object: name, value, name, value. */
        public static Json object(Object... members) {
            Map<String, Object> made = new LinkedHashMap<>();
            for (int n = 0; n < members.length; n += 2) {
                made.put((String) members[n], bare(members[n + 1]));
            }
            return new Json(made);
        }

        public static Json read(String text) {
            Reader reader = new Reader(text);
            Object value = reader.value();
            reader.expectEnd();
            return new Json(value);
        }

        private static Object bare(Object value) {
            if (value instanceof List) {
                return ((List<?>) value).stream().map(Json::bare).collect(Collectors.toList());
            }
            return value instanceof Json ? ((Json) value).value : value;
        }

        /** The same object with another member, or another value of it. */
        public Json with(String name, Object member) {
            Map<String, Object> made = new LinkedHashMap<>(members());
            made.put(name, bare(member));
            return new Json(made);
        }

        /** With changes laid over it as a merge patch: objects member by member, null takes away. */
        public Json merged(Json changes) {
            Map<String, Object> made = new LinkedHashMap<>(members());
            changes.members().forEach((name, change) -> {
                if (change == null) {
                    made.remove(name);
                } else {
                    made.put(name, change instanceof Map ? new Json(made.get(name)).merged(new Json(change)).value : change);
                }
            });
            return new Json(made);
        }

        @SuppressWarnings("unchecked")
        private Map<String, Object> members() {
            return value instanceof Map ? (Map<String, Object>) value : Collections.emptyMap();
        }

        public Json at(String path) {
            Json found = this;
            for (String step : path.isEmpty() ? new String[0] : path.split("/")) {
                List<Json> rows = found.value instanceof List ? found.rows("") : List.of();
                boolean row = !rows.isEmpty() && step.matches("[0-9]{1,9}") && Integer.parseInt(step) < rows.size();
                found = row ? rows.get(Integer.parseInt(step)) : new Json(found.members().get(step));
            }
            return found;
        }

        /** Whether there is something, other than null. */
        public boolean has(String path) {
            return at(path).value != null;
        }

        /** A text, or a number or a truth as it is written; empty for null. */
        public String text(String path) {
            Object found = at(path).value;
            return found == null ? "" : found.toString();
        }

        public boolean is(String path) {
            return Boolean.TRUE.equals(at(path).value);
        }

        public List<Json> rows(String path) {
            Object found = at(path).value;
            return found instanceof List ? ((List<?>) found).stream().map(Json::new).collect(Collectors.toList()) : List.of();
        }

        /** One member of each row. */
        public List<String> column(String path, String name) {
            return rows(path).stream().map(row -> row.text(name)).collect(Collectors.toList());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Json && toString().equals(other.toString());
        }

        @Override
        public int hashCode() {
            return toString().hashCode();
        }

        @Override
        public String toString() {
            StringBuilder into = new StringBuilder();
            write(value, into);
            return into.toString();
        }

        private static void write(Object value, StringBuilder into) {
            if (value instanceof Map) {
                String between = "{";
                for (Map.Entry<?, ?> member : ((Map<?, ?>) value).entrySet()) {
                    into.append(between);
                    write(member.getKey(), into);
                    write(member.getValue(), into.append(':'));
                    between = ",";
                }
                into.append(between.equals("{") ? "{}" : "}");
            } else if (value instanceof List) {
                String between = "[";
                for (Object row : (List<?>) value) {
                    write(row, into.append(between));
                    between = ",";
                }
                into.append(between.equals("[") ? "[]" : "]");
            } else if (value instanceof String) {
                into.append('"');
                for (char one : ((String) value).toCharArray()) {
                    if (one == '"' || one == '\\') {
                        into.append('\\').append(one);
                    } else if (one < ' ') {
                        into.append(String.format("\\u%04x", (int) one));
                    } else {
                        into.append(one);
                    }
                }
                into.append('"');
            } else {
                into.append(value);
            }
        }

        private static final class Reader {
            private final String text;
            private int at;

            Reader(String text) {
                this.text = text;
            }

            private char next() {
                while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
                return at < text.length() ? text.charAt(at) : '\0';
            }

            private boolean take(char wanted) {
                boolean here = next() == wanted;
                at += here ? 1 : 0;
                return here;
            }

            private void expect(char wanted) {
                if (!take(wanted)) {
                    throw new IllegalArgumentException("not JSON at " + at + ": " + text);
                }
            }

            void expectEnd() {
                next();
                if (at < text.length()) {
                    throw new IllegalArgumentException("not JSON at " + at + ": " + text);
                }
            }

            Object value() {
                switch (next()) {
                    case '{':
                        return members();
                    case '[':
                        return rows();
                    case '"':
                        return string();
                    default:
                        return word();
                }
            }

            private Map<String, Object> members() {
                Map<String, Object> read = new LinkedHashMap<>();
                expect('{');
                if (!take('}')) {
                    do {
                        next();
                        String name = string();
                        expect(':');
                        read.put(name, value());
                    } while (take(','));
                    expect('}');
                }
                return read;
            }

            private List<Object> rows() {
                List<Object> read = new ArrayList<>();
                expect('[');
                if (!take(']')) {
                    do {
                        read.add(value());
                    } while (take(','));
                    expect(']');
                }
                return read;
            }

            private String string() {
                expect('"');
                StringBuilder read = new StringBuilder();
                for (; at < text.length() && text.charAt(at) != '"'; at++) {
                    char one = text.charAt(at);
                    if (one == '\\' && ++at < text.length()) {
                        one = text.charAt(at);
                        int plain = "bfnrt".indexOf(one);
                        if (plain >= 0) {
                            one = "\b\f\n\r\t".charAt(plain);
                        } else if (one == 'u') {
                            one = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
                            at += 4;
                        }
                    }
                    read.append(one);
                }
                expect('"');
                return read.toString();
            }

            private Object word() {
                int begin = at;
                while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                String word = text.substring(begin, at);
                switch (word) {
                    case "null":
                        return null;
                    case "true":
                        return true;
                    case "false":
                        return false;
                    default:
                        return new BigDecimal(word); // throws where it is no number
                }
            }
        }
    }
}
