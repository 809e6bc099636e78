// A client of one file, in Java 11+: the main job, every body an input stream, so sent in chunks.
// BASE=http://127.0.0.1:8000 java Chunked.java
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

public class Chunked {
    static final String BASE = System.getenv("BASE");
    static final HttpClient HTTP = HttpClient.newHttpClient();
    static final String JSON = "application/json";

    static String call(String method, String path, String body, int status, String token, String type) throws Exception {
        var publisher = body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        var request = HttpRequest.newBuilder(URI.create(BASE + path)).method(method, publisher).header("Content-Type", type);
        if (token != null) request.header("Authorization", "Bearer " + token);
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != status) throw new AssertionError(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        return answer.body();
    }

    static String member(String name, String json) {
        var found = Pattern.compile("\"" + name + "\":\\s*\"([^\"]*)\"").matcher(json);
        if (!found.find()) throw new AssertionError("no " + name + " in " + json);
        return found.group(1);
    }

    static void expect(String wanted, String found) {
        if (!wanted.equals(found)) throw new AssertionError("expected " + wanted + ", got " + found);
    }

    public static void main(String[] args) throws Exception {
        var world = call("POST", "/control/v1/sandboxes", "{\"scenario\": \"reject; reason=address_mismatch\"}", 201, null, JSON);
        expect("reject; reason=address_mismatch", member("scenario", world));
        var at = "/control/v1/sandboxes/" + member("id", world);
        expect("approve", member("scenario", call("PUT", at + "/scenario", "{\"scenario\": \"approve\"}", 200, null, JSON)));
        var account = world.substring(world.indexOf("\"role\":\"cardless\""));
        var login = "{\"sandbox\": \"" + member("id", world) + "\", \"username\": \"" + member("username", account)
            + "\", \"password\": \"" + member("password", account) + "\"}";
        var token = member("token", call("POST", "/api/v1/sessions", login, 201, null, JSON));
        var reference = call("GET", "/first-steps/reference-registration.json", null, 200, null, JSON);
        var filing = "/api/v1/filings/" + member("id", call("POST", "/api/v1/filings", reference, 201, token, JSON));
        expect("streamed", member("remarks", call("PATCH", filing, "{\"content\": {\"remarks\": \"streamed\"}}", 200, token, JSON)));
        var file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"form.pdf\"\r\n\r\n%PDF-1.4\n%%EOF\r\n--b--\r\n";
        expect("form.pdf", member("filename", call("POST", filing + "/attachments", file, 201, token, "multipart/form-data; boundary=b")));
        expect("declared", member("status", call("POST", filing + "/declare", "{}", 200, token, JSON)));
        call("POST", at + "/clock/advance", "{\"by\": \"P1D\"}", 200, null, JSON);
        expect("approved", member("status", call("GET", filing, null, 200, token, JSON)));
        call("DELETE", at, null, 204, null, JSON);
        System.out.println("chunked all the way");
    }
}
