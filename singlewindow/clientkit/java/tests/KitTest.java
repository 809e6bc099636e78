import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swsim.SingleWindow;
import swsim.SingleWindow.Account;
import swsim.SingleWindow.As;
import swsim.SingleWindow.Filing;
import swsim.SingleWindow.InWorld;
import swsim.SingleWindow.Json;
import swsim.SingleWindow.Problem;
import swsim.SingleWindow.World;

class KitTest {
    @RegisterExtension
    static final SingleWindow SIMULATOR = new SingleWindow();

    private Filing drafted;

    @BeforeEach
    void draft(World world, Account clerk) {
        drafted = clerk.file("registration", world.sample("registration"));
    }

    @Test
    void aRegistrationIsApprovedWithinADay(World world, Account clerk) {
        byte[] pdf = "%PDF-1.4".getBytes(StandardCharsets.US_ASCII);
        assertEquals("\u8868.pdf", drafted.attach("\u8868.pdf", pdf, "record_form").text("filename"));
        drafted.save(Json.object("remarks", "\"\u5907\u6ce8\"\n\\")).declare().until("approved");
        assertEquals("\"\u5907\u6ce8\"\n\\", drafted.content().text("remarks"));
        assertEquals(List.of("draft", "declared", "sent", "stored", "manual_review", "approved"), drafted.timeline());
        assertEquals("approved", drafted.receipts().get(3).text("status"));
        assertEquals("normal", clerk.get("/enterprise").ok().text("standing"));
        world.verify("POST", "/filings/*/declare").exactly(1);
    }

    @Test
    void aRefusalIsToldInTheDocumentsWords(World world) {
        Problem refused = assertThrows(Problem.class, () -> drafted.save(Json.object("express_operator", true)));
        assertEquals(List.of("422", "express_not_allowed", "2.19"), List.of("" + refused.status(), refused.code(), refused.faq()));
        assertEquals("/content/express_operator", refused.errors().get(0).text("pointer"));
        assertTrue(!refused.detail().isEmpty() && !refused.remedy().isEmpty());
        assertTrue(refused.getMessage().startsWith("422 express_not_allowed: " + refused.detail()), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"change", "deregistration", "mofcom_change"})
    void aSampleDeclaresCleanly(String kind, World world, @As(value = "card", card = true) Account clerk) {
        assertEquals("decided", clerk.file(kind, world.sample(kind)).declare().until("decided").stage());
    }

    @Test
    void aSampleOfAnAnnualReportIsTaken(World world, @As(value = "card", card = true) Account clerk) {
        Json report = clerk.post("/annual-reports", Json.object("year", 2020, "content", world.sample("annual_report"))).ok();
        assertEquals("2020", report.text("year"));
    }

    @Test
    @InWorld(scenario = "reject; reason=address_mismatch", clock = "2022-03-01T09:00:00+08:00", seed = 7)
    void whoWaitsForWhatDoesNotComeIsToldWhy(World world) {
        drafted.declare();
        AssertionError told = assertThrows(AssertionError.class, () -> drafted.until("approved"));
        assertTrue(told.getMessage().contains("is rejected; answered by reject; reason=address_mismatch (sandbox)"), told.getMessage());
        assertTrue(drafted.data().text("declared_at").startsWith("2022-03-01"));
        Filing again = drafted.copy();
        world.scenario("approve", again);
        assertEquals("approved", again.declare().until("approved").status());
    }

    @Test
    void anAnswerThatWasLostIsAskedForAgainAndTheDeedDoneOnce(World world, Account clerk) {
        world.fault("cut_after_commit", "POST", "/filings", 1);
        world.fault("status; code=503; retry_after=0", "POST", "/filings/*/declare", 2);
        clerk.file("registration", world.sample("registration")).declare();
        assertEquals(2, clerk.get("/filings").ok().rows("results").size());
        world.verify("POST", "/filings").status(201).exactly(3);
        world.verify("POST", "/filings/*/declare").status(503).exactly(2);
    }

    @Test
    void whatWasNotSentIsToldWithWhatComesNear(World world) {
        AssertionError told = assertThrows(AssertionError.class, () -> world.verify("POST", "/filings").status(200).atLeast(1));
        assertTrue(told.getMessage().contains("near misses:\n  POST /api/v1/filings 201"), told.getMessage());
    }

    @Test
    void aWorldGoesBackToACheckpoint(World world) {
        world.checkpoint("drafted");
        drafted.declare();
        world.advance("PT1H");
        world.restore("drafted");
        assertEquals("draft", drafted.reload().status());
        world.reset();
        assertEquals(404, assertThrows(Problem.class, drafted::reload).status());
    }

    @Test
    void somebodyWithACardLogsInByIt(World world, @As("card") Account clerk) {
        assertEquals("card", clerk.loginByCard().get("/sessions/current").ok().text("medium"));
        assertEquals("card", clerk.loginByChallenge().get("/sessions/current").ok().text("medium"));
        assertNotEquals(clerk.token(), clerk.loginByCard().token());
        assertNotEquals(clerk.uscc(), world.account("cardless").login().uscc());
        assertThrows(IllegalArgumentException.class, () -> world.account("cardless", true));
    }

    @Test
    void anAgentFilesForItsPrincipal(World world, @As(value = "agent", card = true) Account agent, Account principal) {
        drafted.delete();
        assertEquals("agent", agent.fileFor(principal.uscc(), "registration", world.sample("registration")).declare().data().text("filing_mode"));
    }

    @Test
    @DisplayName("a filing\nis put\0 where it is wanted \ud83d\udea2")
    void aFilingIsPutWhereItIsWanted(World world) {
        String made = world.fixture("filing", Json.object("kind", "registration", "state", "stored")).text("id");
        world.trigger(made, "rejected");
        assertEquals("rejected", world.explain(made).text("status"));
        assertEquals("2.4", world.situation("not_synced").text("faq"));
        world.sync();
        assertEquals("2021-12-02T09:00:00+08:00", world.at("2021-12-02T09:00:00+08:00").text("now"));
    }

    @Test
    void aWebhookIsSigned(World world) throws Exception {
        HttpServer receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        List<String> types = new CopyOnWriteArrayList<>();
        String secret = world.subscribe("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook").text("secret");
        receiver.createContext("/hook", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            List<String> told = List.of("id", "timestamp", "signature").stream()
                .map(name -> exchange.getRequestHeaders().getFirst("webhook-" + name)).collect(Collectors.toList());
            boolean signed = SingleWindow.isSigned(secret, told.get(0), told.get(1), told.get(2), body);
            boolean forged = SingleWindow.isSigned(secret, told.get(0), told.get(1), told.get(2), body + " ");
            boolean moved = SingleWindow.isSigned(secret, told.get(0), "1638320400", told.get(2), body);
            types.add(signed && !forged && !moved ? Json.read(body).text("type") : "wrong");
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        try {
            drafted.declare().until("sent");
        } finally {
            receiver.stop(0);
        }
        assertEquals(List.of("filing.declared", "filing.sent"), types);
        assertEquals("delivered", world.deliveries().get(0).text("state"));
    }

    @Test
    void changesAreLaidOverASample(World world) {
        Json who = Json.object("name", "x", "email", null);
        Json sheet = world.sample("registration", Json.object("legal_representative", who, "remarks", "y"));
        assertEquals("x", sheet.text("legal_representative/name"));
        assertEquals("13800000001", sheet.text("legal_representative/mobile"));
        assertTrue(!sheet.has("legal_representative/email") && sheet.has("finance_manager/email"));
    }

    @Test
    void jsonIsReadAsItWasWritten() {
        String text = "{\"a\":[1,-2.50,1e3,true,false,null,{},[]],\"b\":\"\\\"\\\\\\u0001\",\"\":{\"c\":[\"x\"]}}";
        assertEquals(text.replace("1e3", "1E+3"), Json.read(" " + text.replace(",", " ,\n")).toString());
        assertEquals("x", Json.object("a", Json.read(text)).text("a//c/0"));
        assertEquals("A\n/", Json.read("\"\\u0041\\n\\/\"").text(""));
        for (String wrong : List.of("", "{", "[1", "\"x", "{\"a\" 1}", "[1]]", "nul")) {
            assertThrows(IllegalArgumentException.class, () -> Json.read(wrong), wrong);
        }
    }
}
